using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Watches;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Mesh.Tests.Node;

/// <summary>A node over a log that can be held, lost and led by others.</summary>
public sealed class StoreNodeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_answer_belongs_to_its_own_request()
    {
        await using var solo = SoloNode.Start();
        solo.Consensus.IsHolding = true;
        var puts = Enumerable.Range(0, 50).Select(i => solo.Node.ExecuteAsync(Put($"k{i}", $"v{i}"), default).AsTask()).ToList();
        solo.Consensus.Release();
        var answers = await Task.WhenAll(puts).WaitAsync(Soon);
        Assert.Equal(Enumerable.Range(2, 50).Select(one => (long)one), answers.Cast<Response.Put>().Select(one => one.Revision));
    }

    [Fact]
    public async Task A_proposal_that_was_lost_with_its_leader_is_told_so_once_the_next_has_settled()
    {
        await using var solo = SoloNode.Start();
        solo.Consensus.IsHolding = true;
        var put = solo.Node.ExecuteAsync(Put("a", "1"), default).AsTask();
        solo.Consensus.Release(lose: true);
        solo.Consensus.ChangeLeader(solo.Node.Member);
        Assert.Equal(new Response.Failed(StoreError.LeaderChanged), await put.WaitAsync(Soon));
    }

    [Fact]
    public async Task Without_a_leader_a_request_waits_and_then_says_so()
    {
        await using var solo = SoloNode.Start(new NodeOptions { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        solo.Consensus.IsLeaderless = true;
        Assert.Equal(new Response.Failed(StoreError.NoLeader), await solo.Node.ExecuteAsync(Put("a", "1"), default).AsTask().WaitAsync(Soon));
        Assert.Equal(StoreError.NoLeader, (await solo.Node.ReadBarrierAsync(default).AsTask().WaitAsync(Soon)).Error);
    }

    [Fact]
    public async Task A_request_is_done_by_the_leader_that_comes()
    {
        await using var solo = SoloNode.Start();
        solo.Consensus.IsLeaderless = true;
        var put = solo.Node.ExecuteAsync(Put("a", "1"), default).AsTask();
        solo.Consensus.IsLeaderless = false;
        solo.Consensus.ChangeLeader(solo.Node.Member);
        Assert.IsType<Response.Put>(await put.WaitAsync(Soon));
    }

    [Fact]
    public async Task A_watch_tells_what_was_and_what_comes()
    {
        await using var solo = SoloNode.Start();
        for (var i = 0; i < 3000; i++) await solo.Node.ExecuteAsync(Put("w", $"{i}"), default);
        var queue = new WatchQueue();
        var (watcher, revision) = await solo.Node.WatchAsync(new(KeyRange.Single(Bytes.Of("w"))) { StartRevision = 2 }, queue);
        Assert.NotNull(watcher);
        Assert.Equal(3001, revision);
        var writing = Task.Run(async () =>
        {
            for (var i = 3000; i < 4000; i++) await solo.Node.ExecuteAsync(Put("w", $"{i}"), default);
        });
        var seen = new List<long>();
        using var deadline = new CancellationTokenSource(Soon);
        while (seen.Count < 4000)
        {
            while (queue.TryRead(out var message)) seen.AddRange(Assert.IsType<WatchMessage.Batch>(message).Events.Select(one => one.Revision));
            solo.Node.QueueDrained();
            if (seen.Count < 4000) await queue.WaitAsync(deadline.Token);
        }

        await writing;
        Assert.Equal(Enumerable.Range(2, 4000).Select(one => (long)one), seen);
    }

    [Fact]
    public async Task A_lease_ends_on_the_leaders_clock_and_begins_anew_with_a_new_leader()
    {
        var time = new FakeTimeProvider();
        await using var solo = SoloNode.Start(time: time);
        var granted = Assert.IsType<Response.LeaseGrant>(await solo.Node.ExecuteAsync(new Command.LeaseGrant(7, 10), default));
        await solo.Node.ExecuteAsync(new Command.Execute(new Operation.Put(Bytes.Of("l"), Bytes.Of("1")) { Lease = 7 }), default);
        Assert.Equal(10, granted.Lease.Seconds);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, (await solo.Node.TimeToLiveAsync(7, default)).Seconds);
        solo.Consensus.ChangeLeader(solo.Node.Member);
        await Eventually(async () => (await solo.Node.TimeToLiveAsync(7, default)).Seconds == 10, "the lease to have its full time again");
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(10, (await solo.Node.KeepAliveAsync(7, default)).Seconds);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, solo.Node.View.Count);
        time.Advance(TimeSpan.FromSeconds(2));
        await Eventually(() => Task.FromResult(solo.Node.View.Count == 0), "the key to go with its lease");
        Assert.Equal(-1, (await solo.Node.TimeToLiveAsync(7, default)).Seconds);
    }

    [Fact]
    public async Task A_lease_may_be_longer_than_any_timer()
    {
        await using var solo = SoloNode.Start();
        solo.Consensus.ChangeLeader(solo.Node.Member);
        await solo.Node.ExecuteAsync(new Command.LeaseGrant(7, Limits.MaxLeaseSeconds), default);
        await Eventually(async () => (await solo.Node.TimeToLiveAsync(7, default)).Seconds > 8_999_999_000, "the lease to have its time");
        Assert.False(solo.Node.Broken.IsCompleted);
    }

    [Fact]
    public async Task Over_the_quota_only_deletions_go_and_an_alarm_is_raised()
    {
        await using var solo = SoloNode.Start(new NodeOptions { Quota = 2000 });
        Assert.IsType<Response.Put>(await solo.Node.ExecuteAsync(Put("a", new string('x', 500)), default));
        Assert.IsType<Response.Put>(await solo.Node.ExecuteAsync(Put("a", new string('x', 300)), default));
        Assert.Equal(new Response.Failed(StoreError.NoSpace), await solo.Node.ExecuteAsync(Put("b", new string('x', 900)), default));
        Assert.Equal([new Alarm(solo.Node.Member, AlarmKind.NoSpace)], solo.Node.View.Alarms);
        Assert.Equal(new Response.Failed(StoreError.NoSpace), await solo.Node.ExecuteAsync(Put("c", "1"), default));
        Assert.IsType<Response.DeleteRange>(await solo.Node.ExecuteAsync(new Command.Execute(new Operation.DeleteRange(KeyRange.All)), default));
    }

    [Fact]
    public async Task History_is_compacted_by_the_leader_when_there_is_too_much()
    {
        await using var solo = SoloNode.Start(new NodeOptions { History = new HistoryPolicy(100) });
        solo.Consensus.ChangeLeader(solo.Node.Member);
        for (var i = 0; i < 300; i++) await solo.Node.ExecuteAsync(Put("h", $"{i}"), default);
        await Eventually(async () =>
        {
            await solo.Node.ExecuteAsync(Put("h", "again"), default);
            return solo.Node.View.CompactRevision > 100;
        }, "a compaction");
        Assert.True(solo.Node.View.Revision - solo.Node.View.CompactRevision >= 100);
    }

    [Fact]
    public async Task What_is_too_large_or_too_much_is_refused()
    {
        await using var solo = SoloNode.Start(new NodeOptions { MostInFlight = 2 });
        Assert.Equal(new Response.Failed(StoreError.RequestTooLarge), await solo.Node.ExecuteAsync(Put("a", new string('x', Limits.RequestBytes)), default));
        solo.Consensus.IsHolding = true;
        var held = new[] { solo.Node.ExecuteAsync(Put("a", "1"), default).AsTask(), solo.Node.ExecuteAsync(Put("b", "1"), default).AsTask() };
        Assert.Equal(new Response.Failed(StoreError.TooManyRequests), await solo.Node.ExecuteAsync(Put("c", "1"), default));
        solo.Consensus.Release();
        await Task.WhenAll(held).WaitAsync(Soon);
    }

    private static Command.Execute Put(string key, string value) => new(new Operation.Put(Bytes.Of(key), Bytes.Of(value)));

    private static async Task Eventually(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Soon);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"waited {Soon} for {what}");
            await Task.Yield();
        }
    }
}
