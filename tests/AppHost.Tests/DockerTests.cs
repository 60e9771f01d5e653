using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>What would be asked of Docker; whether it does it is seen where Docker runs.</summary>
public sealed class DockerTests : IDisposable
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("oms-test-");

    [Fact]
    public void containers_listen_on_loopback_only_and_passwords_are_not_on_the_command_line()
    {
        var context = new ServerContext(new(temporary.FullName), 20_001, "oms", "the-password", DiesWithLauncher: true);
        foreach (var (plan, port) in new[] { (Docker.Postgres(context, _ => { }), 5432), (Docker.Rabbit(context, _ => { }), 5672) })
        {
            plan.Command.Arguments.ShouldContain($"127.0.0.1:20001:{port}");
            plan.Command.Arguments.ShouldAllBe(argument => !argument.Contains("the-password"));
            plan.Command.Environment.Values.ShouldContain("the-password");
        }
    }

    [Fact]
    public void two_folders_never_share_a_container()
    {
        var other = Directory.CreateDirectory(Path.Combine(temporary.FullName, "other"));
        new DataFolder(other.FullName).Id.ShouldNotBe(new DataFolder(temporary.FullName).Id);
    }

    public void Dispose() => temporary.Delete(recursive: true);
}
