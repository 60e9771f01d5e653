using System.Net;
using System.Net.Sockets;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

public sealed class RestartBackoffTests
{
    [Fact]
    public void starts_at_once_and_grows_to_ten_seconds()
    {
        var backoff = new RestartBackoff();
        Enumerable.Range(0, 8).Select(_ => backoff.Next(TimeSpan.FromSeconds(1)).TotalSeconds).ShouldBe([0, 1, 2, 4, 8, 10, 10, 10]);
    }

    [Fact]
    public void forgives_after_ten_good_seconds()
    {
        var backoff = new RestartBackoff();
        for (var failures = 0; failures < 50; failures++)
            backoff.Next(TimeSpan.FromSeconds(1));
        backoff.Next(TimeSpan.FromSeconds(11)).ShouldBe(TimeSpan.Zero);
    }
}

public sealed class PortsTests
{
    [Fact]
    public void none_is_handed_out_twice() => Enumerable.Range(0, 200).Select(_ => Ports.Free()).ShouldBeUnique();

    [Fact]
    public void one_that_is_listened_on_is_not_free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Ports.IsFree(((IPEndPoint)listener.LocalEndpoint).Port).ShouldBeFalse();
    }
}

public sealed class ErrorQueuesTests
{
    [Fact]
    public void only_error_queues_count() =>
        ErrorQueues.Count("name\tmessages\norders\t7\norders_error\t2\nstock_error\t3\nstock_error_old\t9\n").ShouldBe(5);

    [Fact]
    public void all_others_are_on_their_way() =>
        ErrorQueues.CountOthers("name\tmessages\norders\t7\norders_error\t2\nstock\t1\n").ShouldBe(8);

    [Fact]
    public void an_empty_broker_has_none() => ErrorQueues.Count("").ShouldBe(0);
}

public sealed class BoardTests
{
    [Fact]
    public void a_line_has_its_services_name_in_front_and_no_colors_of_its_own()
    {
        using var output = new StringWriter();
        new Board(output, colored: false, ["order", "gateway"]).Line("order", "\e[32minfo\e[0m: placed");
        output.ToString().TrimEnd().ShouldBe("order   │ info: placed");
    }

    [Fact]
    public void replicas_share_their_services_color()
    {
        using var output = new StringWriter();
        var board = new Board(output, colored: true, ["order", "gateway"]);
        board.Line("gateway", "");
        board.Line("gateway-2", "");
        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..5]).Distinct().ShouldHaveSingleItem();
    }
}

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("oms-test-");

    [Fact]
    public void secrets_are_made_once_and_are_nobody_elses()
    {
        var key = new DataFolder(temporary.FullName).Secret("api-key");
        key.ShouldStartWith("oms_");
        new DataFolder(temporary.FullName).Secret("api-key").ShouldBe(key);
        Convert.FromBase64String(new DataFolder(temporary.FullName).Secret("service-token-key")).Length.ShouldBe(32);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(temporary.FullName, "secrets", "api-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void only_one_launcher_runs_on_it()
    {
        var folder = new DataFolder(temporary.FullName);
        using (folder.Lock())
            Should.Throw<PlatformException>(folder.Lock).Message.ShouldContain($"{Environment.ProcessId}");
        folder.Lock().Dispose();
    }

    [Fact]
    public void a_pid_of_another_process_is_not_mistaken_for_ours()
    {
        ProcessIdentity.Own.IsAlive.ShouldBeTrue();
        (ProcessIdentity.Own with { Started = "long ago" }).IsAlive.ShouldBeFalse();
    }

    [Fact]
    public void guests_who_died_do_not_count()
    {
        var folder = new DataFolder(temporary.FullName);
        File.WriteAllText(Path.Combine(folder.FullPath, "guests"), $"1 long-ago\n{ProcessIdentity.Of(Environment.ProcessId)!.Pid} earlier\n");
        new GuestBook(folder).AnyoneElse.ShouldBeFalse();
    }

    public void Dispose() => temporary.Delete(recursive: true);
}
