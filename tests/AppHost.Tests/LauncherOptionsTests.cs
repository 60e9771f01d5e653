using Aspire.Hosting.ApplicationModel;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

public sealed class LauncherOptionsTests
{
    private static readonly ProjectResource[] Services = [new("order", "Order"), new("inventory", "Inventory"), new("gateway", "Gateway") { IsExternal = true }];

    [Fact]
    public void nothing_asked_for_is_one_of_each_with_logs()
    {
        var options = Parse();
        (options.Quiet, options.Sample, options.Help, options.Replicas.Count).ShouldBe((false, false, false, 0));
    }

    [Fact]
    public void replicas_are_per_service() =>
        Parse("--replicas", "order=2,inventory=3").Replicas.ShouldBe(new Dictionary<string, int> { ["order"] = 2, ["inventory"] = 3 }, ignoreOrder: true);

    [Fact]
    public void the_sample_has_a_default_file()
    {
        var options = Parse("--sample", "--report", "out.json", "--quiet");
        (options.Sample, options.SampleFile, options.ReportFile, options.Quiet).ShouldBe((true, null, "out.json", true));
    }

    [Fact]
    public void the_sample_takes_a_file() => Parse("--sample", "mine.csv").SampleFile.ShouldBe("mine.csv");

    [Fact]
    public void verify_may_write_a_report()
    {
        var options = Parse("verify", "--report", "out.json");
        (options.Verify, options.Sample, options.ReportFile).ShouldBe((true, false, "out.json"));
    }

    [Fact]
    public void failed_messages_are_tried_again_from_all_queues_or_from_one()
    {
        (Parse("redrive").Redrive, Parse("redrive").RedriveQueue).ShouldBe((true, null));
        (Parse("redrive", "order-payments").Redrive, Parse("redrive", "order-payments").RedriveQueue).ShouldBe((true, "order-payments"));
    }

    [Fact]
    public void data_are_copied_to_a_folder_and_brought_back_from_it() =>
        (Parse("backup", "there").BackupTo, Parse("restore", "there", "--quiet").RestoreFrom).ShouldBe(("there", "there"));

    [Theory]
    [InlineData("backup")]
    [InlineData("backup", "there", "--quiet")]
    [InlineData("restore")]
    [InlineData("restore", "there", "--sample")]
    [InlineData("--frobnicate")]
    [InlineData("verify", "--sample")]
    [InlineData("order=2")]
    [InlineData("--quiet", "redrive")]
    [InlineData("--report")]
    [InlineData("--report", "out.json")]
    [InlineData("--replicas")]
    [InlineData("--replicas", "order")]
    [InlineData("--replicas", "order=0")]
    [InlineData("--replicas", "order=many")]
    [InlineData("--replicas", "nobody=2")]
    [InlineData("--replicas", "gateway=2")]
    public void what_it_does_not_understand_it_says(params string[] args) => Should.Throw<UsageException>(() => Parse(args));

    private static LauncherOptions Parse(params string[] args) => LauncherOptions.Parse(args, Services);
}
