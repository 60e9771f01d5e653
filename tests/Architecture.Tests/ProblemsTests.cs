using System.Text.RegularExpressions;

namespace Oms.Architecture.Tests;

public sealed partial class ProblemsTests
{
    private const string Write = "OMS_WRITE_DOCS";
    private const string File = "docs/problems.md";

    [Fact]
    public void the_code_of_every_refusal_can_be_read_off_the_source() =>
        RefusalCodes.All().Unreadable.ShouldBeEmpty("Write the code as a literal or a constant.");

    [Fact]
    public void every_code_is_lower_case_words_joined_by_hyphens() =>
        RefusalCodes.All().Found.Where(it => !Code().IsMatch(it.Code)).ShouldBeEmpty();

    [Fact]
    public void every_code_means_one_status_only() =>
        RefusalCodes.All().Found.GroupBy(it => it.Code).Where(it => it.Select(refused => refused.Status).Distinct().Count() > 1)
            .Select(it => $"{it.Key}: {string.Join(", ", it.Select(refused => $"{refused.Status} ({refused.From})").Distinct())}").ShouldBeEmpty();

    [Fact]
    public void every_code_is_documented()
    {
        var page = RefusalCodes.Page(RefusalCodes.All().Found);
        if (Environment.GetEnvironmentVariable(Write) == "1")
            System.IO.File.WriteAllText(Path.Combine(House.Root, File), page);

        var (written, wanted) = (House.Read(File).Split('\n'), page.Split('\n'));
        wanted.Except(written).Select(it => $"+ {it}").Concat(written.Except(wanted).Select(it => $"- {it}"))
            .ShouldBeEmpty($"{File} is stale: run these tests once with {Write}=1 and commit it.");
    }

    [GeneratedRegex("^[a-z]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Code();
}
