using System.Net;
using System.Net.Sockets;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>Endpoints that are closed, silent, or break in the middle; watches that break; history that is gone.</summary>
public sealed class TroubleTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    // Nothing listens on port 1 of the loopback address.
    private const string Closed = "127.0.0.1:1";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [EtcdFact]
    public async Task What_was_not_sent_is_sent_to_the_next_endpoint()
    {
        Assert.Equal((0, "OK\n", ""), await RunAsync($"{Closed},{etcd.Endpoint}", "kv", "put", "n", "1"));
        Assert.Equal((0, "n\n1\n", ""), await RunAsync($"{Closed},{etcd.Endpoint}", "kv", "get", "n"));
    }

    [EtcdFact]
    public async Task A_write_that_may_have_been_done_is_not_done_again()
    {
        await using var breaking = new OddServer(breaks: true);
        var (exitCode, output, error) = await RunAsync($"{breaking.Endpoint},{etcd.Endpoint}", "kv", "put", "once", "1");
        Assert.Equal((69, ""), (exitCode, output));
        Assert.StartsWith($"cannot put \"once\": the connection to {breaking.Endpoint} broke (", error, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await RunAsync($"{breaking.Endpoint},{etcd.Endpoint}", "kv", "get", "once"));
        Assert.True(breaking.Taken >= 2, $"{breaking.Taken} connections");
    }

    [EtcdFact]
    public async Task Who_is_silent_is_passed_over_for_reads_alone()
    {
        await using var silent = new OddServer(breaks: false);
        var places = $"{silent.Endpoint},{etcd.Endpoint}";
        Assert.Equal((0, "", ""), await RunAsync(places, "kv", "get", "quiet", "--timeout", "0.5"));
        Assert.Equal(
            (69, "", $"cannot put \"quiet\": {silent.Endpoint} did not answer within 0.5 s; see that a majority of the voters runs, or allow more time with --timeout\n"),
            await RunAsync(places, "kv", "put", "quiet", "1", "--timeout", "0.5"));
    }

    [Fact]
    public async Task All_that_cannot_be_reached_are_named()
    {
        var (exitCode, _, error) = await RunAsync($"{Closed},localhost:1", "kv", "get", "a");
        Assert.Equal(69, exitCode);
        Assert.Matches("^cannot reach the store at 127.0.0.1:1: connection refused.*; cannot reach the store at localhost:1: .*; see that a member runs at one of them, or name others with --endpoints\n$", error);
    }

    [EtcdFact]
    public async Task The_past_that_was_compacted_is_told_with_where_to_go_on()
    {
        await using var own = new Server(await EtcdServer.StartAsync());
        for (var i = 0; i < 5; i++) await RunAsync(own.Etcd.Endpoint, "kv", "put", "c", $"{i}");
        await own.Etcd.ControlAsync("", "compaction", "5");
        Assert.Equal(
            (66, "", "cannot watch \"c\": the history before revision 5 was compacted; go on with --rev 5, and read what is there now first\n"),
            await RunAsync(own.Etcd.Endpoint, "kv", "watch", "c", "--rev", "2"));
        Assert.Equal((66, ""), await RunAsync(own.Etcd.Endpoint, "kv", "get", "c", "--rev", "2") is var (code, output, _) ? (code, output) : default);
        Assert.Equal((0, "PUT\nc\n3\nPUT\nc\n4\n", ""), await RunAsync(own.Etcd.Endpoint, "kv", "watch", "c", "--rev", "5", "--count", "2"));
    }

    [EtcdFact]
    public async Task A_watch_tells_what_etcdctl_does_and_ends_with_a_signal()
    {
        using var seen = new SeenStream();
        var mgmt = Mgmt(etcd.Endpoint, seen);
        await RunAsync(etcd.Endpoint, "kv", "put", "w/a", "1");
        var revision = System.Text.Json.JsonDocument.Parse((await RunAsync(etcd.Endpoint, "kv", "get", "w/a", "-o", "json")).Output).RootElement.GetProperty("revision").ToString();
        var running = mgmt.RunAsync("kv", "watch", "w/", "--prefix", "--prev", "--rev", revision);
        await RunAsync(etcd.Endpoint, "kv", "put", "w/a", "2");
        await RunAsync(etcd.Endpoint, "kv", "del", "w/a");
        await seen.WaitAsync("PUT\nw/a\n1\nPUT\nw/a\n1\nw/a\n2\nDELETE\nw/a\n2\nw/a\n\n", Deadline);
        await mgmt.StopAsync();
        Assert.Equal((0, ""), (await running.WaitAsync(Deadline), mgmt.Error));
    }

    [EtcdFact]
    public async Task A_watch_goes_on_behind_what_it_told_when_its_connection_breaks()
    {
        await using var relay = new Relay(etcd.Endpoint);
        using var seen = new SeenStream();
        var mgmt = Mgmt(relay.Endpoint, seen);
        await RunAsync(etcd.Endpoint, "kv", "put", "x", "0");
        var revision = System.Text.Json.JsonDocument.Parse((await RunAsync(etcd.Endpoint, "kv", "get", "x", "-o", "json")).Output).RootElement.GetProperty("revision").ToString();
        var running = mgmt.RunAsync("kv", "watch", "x", "--rev", revision);
        await seen.WaitAsync("PUT\nx\n0\n", Deadline);
        for (var i = 1; i <= 3; i++)
        {
            relay.Cut();
            await RunAsync(etcd.Endpoint, "kv", "put", "x", $"{i}");
            await seen.WaitAsync(string.Concat(Enumerable.Range(0, i + 1).Select(n => $"PUT\nx\n{n}\n")), Deadline);
        }

        await mgmt.StopAsync();
        Assert.Equal(0, await running.WaitAsync(Deadline));
        Assert.StartsWith($"warning: the connection to {relay.Endpoint} broke (", mgmt.Error, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task A_snapshot_of_etcd_is_saved_as_etcdctl_saves_it()
    {
        using var place = new Scratch();
        Assert.Equal(0, (await RunAsync(etcd.Endpoint, "store", "snapshot", "save", place["snap"])).ExitCode);
        Assert.StartsWith("{\"hash\":", await etcd.ControlAsync("", "snapshot", "status", place["snap"], "-w", "json"), StringComparison.Ordinal);
    }

    private static TestSurroundings Mgmt(string endpoints, Stream? answers = null) => new() { Answers = answers, Time = TimeProvider.System, Environment = { ["MGMT_ENDPOINTS"] = endpoints, ["MGMT_INSECURE"] = "1" } };

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string endpoints, params string[] arguments)
    {
        var mgmt = Mgmt(endpoints);
        return (await mgmt.RunAsync(arguments).WaitAsync(Deadline), mgmt.Output, mgmt.Error);
    }

    private sealed record Server(EtcdServer Etcd) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Etcd.DisposeAsync();
    }
}

/// <summary>Takes connections, reads, and never answers; or closes once something was said.</summary>
internal sealed class OddServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly bool _breaks;
    private readonly Task _loop;
    private int _taken;

    public OddServer(bool breaks)
    {
        _breaks = breaks;
        _listener.Start();
        _loop = LoopAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    public int Taken => Volatile.Read(ref _taken);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync();
            Interlocked.Increment(ref _taken);
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            // The preface and settings come first; then the server says its own, or the client would never ask.
            var buffer = new byte[4096];
            await socket.SendAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            var heard = 0;
            while (await socket.ReceiveAsync(buffer) is > 0 and var count)
            {
                heard += count;

                // A request with its headers is longer than a preface.
                if (_breaks && heard > 150) return;
            }
        }
    }
}
