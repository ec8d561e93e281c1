using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Wire;
using Mgmt.Store.Watches;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Mesh.Tests.Api;

public sealed class WatchStreamTests
{
    [Fact]
    public async Task A_slow_watcher_is_cut_off_with_the_revision_to_resume_from()
    {
        await using var server = await TestServer.StartAsync(node: new() { Watches = new(Events: 20, Behind: 40) });
        var client = server.Connect();
        using var talk = client.Watch();
        await talk.CreateAsync(new() { Key = Text("k") });

        // More than the connection's windows and the watcher's share take, while the client reads nothing.
        var value = new string('x', 200_000);
        for (var i = 0; i < 100; i++) await client.PutAsync("k", value);
        var last = 1L;
        WatchResponse next;
        while ((next = await talk.NextAsync()).Events.Count > 0)
        {
            foreach (var one in next.Events) Assert.Equal(++last, one.Kv.ModRevision);
        }

        Assert.True(next.Canceled);
        Assert.Contains($"resume from revision {last + 1}", next.CancelReason, StringComparison.Ordinal);
        Assert.Equal(last, next.Header.Revision);

        // It goes on from there, on the same stream.
        await talk.CreateAsync(new() { Key = Text("k"), StartRevision = last + 1 });
        while (last < 101)
        {
            foreach (var one in (await talk.NextAsync()).Events) Assert.Equal(++last, one.Kv.ModRevision);
        }
    }

    [Fact]
    public async Task A_watcher_that_falls_behind_a_little_misses_nothing()
    {
        await using var server = await TestServer.StartAsync(node: new() { Watches = new(Events: 20) });
        var client = server.Connect();
        using var talk = client.Watch();
        await talk.CreateAsync(new() { Key = Text("k") });
        var value = new string('x', 200_000);
        for (var i = 0; i < 100; i++) await client.PutAsync("k", value);
        for (var last = 1L; last < 101;)
        {
            var next = await talk.NextAsync();
            Assert.False(next.Canceled, next.CancelReason);
            foreach (var one in next.Events) Assert.Equal(++last, one.Kv.ModRevision);
        }
    }

    [Fact]
    public async Task Quiet_watches_are_told_how_far_they_are_when_they_want_to_know()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        var client = server.Connect();
        using var talk = client.Watch();
        await talk.CreateAsync(new() { Key = Text("a"), ProgressNotify = true });
        await talk.CreateAsync(new() { Key = Text("b") });
        await client.PutAsync("c", "1");
        var notice = talk.NextAsync();
        await AdvanceUntilAsync(time, notice);
        Assert.Equal((0L, 2L, 0, false), ((await notice).WatchId, (await notice).Header.Revision, (await notice).Events.Count, (await notice).Canceled));
    }

    [Fact]
    public async Task Progress_is_answered_once_a_watch_that_reads_history_is_through()
    {
        await using var server = await TestServer.StartAsync(node: new() { Watches = new(Events: 1, CatchUpEvents: 1) });
        var client = server.Connect();
        for (var i = 0; i < 200; i++) await client.PutAsync("k", $"{i}");
        using var talk = client.Watch();
        await talk.SendAsync(new() { CreateRequest = new() { Key = Text("k"), StartRevision = 2 } });
        await talk.AskProgressAsync();
        Assert.True((await talk.NextAsync()).Created);
        var seen = 1L;
        while (await talk.NextAsync() is var next)
        {
            if (next.WatchId == -1)
            {
                Assert.Equal((201L, 201L), (seen, next.Header.Revision));
                break;
            }

            seen = next.Events[^1].Kv.ModRevision;
        }
    }

    [Fact]
    public async Task Many_watches_of_one_stream_each_hear_everything()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Connect();
        using var talk = client.Watch();
        for (var i = 0; i < 1000; i++) await talk.CreateAsync(new() { Key = Text("k") });
        for (var i = 0; i < 5; i++) await client.PutAsync("k", "v");
        var heard = new long[1000];
        for (var i = 0; i < 5000;)
        {
            var next = await talk.NextAsync();
            foreach (var one in next.Events)
            {
                Assert.Equal(heard[next.WatchId] == 0 ? 2 : heard[next.WatchId] + 1, one.Kv.ModRevision);
                heard[next.WatchId] = one.Kv.ModRevision;
                i++;
            }
        }

        Assert.Equal((1000, 0), server.Solo.Node.Watches);
    }

    [Fact]
    public async Task A_client_that_goes_leaves_no_watch_behind()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Connect();
        var talk = client.Watch();
        await talk.CreateAsync(new() { Key = Text("k") });
        Assert.Equal(1, server.Solo.Node.Watches.All);
        talk.Dispose();
        await Eventually.HoldsAsync(() => server.Solo.Node.Watches.All == 0, () => $"{server.Solo.Node.Watches}");
    }

    [Fact]
    public async Task Too_many_watches_on_a_stream_are_refused()
    {
        await using var server = await TestServer.StartAsync(options => options with { Limits = new() { WatchesPerStream = 2 } });
        using var talk = server.Connect().Watch();
        for (var i = 0; i < 2; i++) Assert.False((await talk.CreateAsync(new() { Key = Text("k") })).Canceled);
        var refused = await talk.CreateAsync(new() { Key = Text("k") });
        Assert.Equal((true, -1L, "etcdserver: too many requests"), (refused.Canceled, refused.WatchId, refused.CancelReason));
        await talk.CancelAsync(0);
        await talk.NextAsync();
        Assert.False((await talk.CreateAsync(new() { Key = Text("k") })).Canceled);
    }

    [Fact]
    public async Task A_stream_that_insists_on_a_leader_ends_without_one()
    {
        await using var server = await TestServer.StartAsync(options => options with { ElectionTimeout = TimeSpan.FromMilliseconds(50) });
        var client = server.Connect();
        using var insists = client.Watch(new Metadata { { "hasleader", "true" } });
        using var patient = client.Watch();
        await insists.CreateAsync(new() { Key = Text("k") });
        await patient.CreateAsync(new() { Key = Text("k") });
        server.Solo.Consensus.ChangeLeader(0);
        var ended = await Assert.ThrowsAsync<RpcException>(insists.NextAsync);
        Assert.Equal((StatusCode.Unavailable, "etcdserver: no leader"), (ended.StatusCode, ended.Status.Detail));
        using var late = client.Watch(new Metadata { { "hasleader", "true" } });
        Assert.Equal("etcdserver: no leader", (await Assert.ThrowsAsync<RpcException>(late.NextAsync)).Status.Detail);
        server.Solo.Consensus.ChangeLeader(server.Solo.Node.Member);
        await client.PutAsync("k", "v");
        Assert.Single((await patient.NextAsync()).Events);
    }

    [Fact]
    public async Task The_servers_end_ends_streams_at_once()
    {
        var server = await TestServer.StartAsync();
        using var talk = server.Connect().Watch();
        await talk.CreateAsync(new() { Key = Text("k") });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var stopping = server.Server.DisposeAsync();
        var ended = await Assert.ThrowsAsync<RpcException>(talk.NextAsync);
        Assert.True(ended.Status.Detail == "etcdserver: server stopped", ended.ToString());
        await stopping;
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
        await server.DisposeAsync();
    }

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done)
    {
        for (var i = 0; i < 200 && !done.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(done, Task.Delay(10));
        }
    }
}
