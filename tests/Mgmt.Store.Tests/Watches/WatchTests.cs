using CsCheck;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Tests.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Store.Tests.Watches;

/// <summary>Watchers over random storms: in order, complete, each revision whole, and resumable where they were cut off.</summary>
public sealed class WatchTests
{
    private static readonly WatchLimits Small = new(Events: 6, Bytes: 6 * 300, CatchUpEvents: 3, Behind: 30);

    [Fact]
    public void Each_watcher_is_told_all_and_only_what_it_asked_for() => Gen.Int.Sample(
        seed =>
        {
            var storm = new Storm(seed);
            var machine = new StoreMachine(StoreView.Empty(7));
            var hub = new WatchHub(machine.View, Small);
            var history = new List<Event>();
            var seen = new List<Seen>();
            for (var index = 1L; index < 250; index++)
            {
                var applied = machine.Apply(machine.View.Index + 1, storm.Next(machine.View))!;
                history.AddRange(applied.Events);
                hub.Publish(applied);
                if (storm.OneIn(5) && Begin(storm, hub, machine.View) is { } begun) seen.Add(begun);
                if (storm.OneIn(3)) hub.CatchUp();
                foreach (var one in seen.Where(_ => storm.OneIn(6))) one.Read(history);
                if (storm.OneIn(80)) Jump(ref machine, hub, storm, history);
            }

            // All that is left is told in the end, however little fits at a time.
            do seen.ForEach(one => one.Read(history));
            while (hub.CatchUp() > 0);
            seen.ForEach(one => one.Read(history));
            Assert.All(seen, one => one.End(history, machine.View.Revision));
            Assert.Equal(0, hub.Unsynced);
            Assert.Equal(seen.Count(one => !one.IsOver), hub.Synced);
        },
        iter: 400,
        threads: 1);

    [Fact]
    public void A_slow_watcher_is_cut_off_at_the_revision_to_resume_from()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        var hub = new WatchHub(machine.View, Small);
        var queue = new WatchQueue();
        hub.Watch(new(KeyRange.All), queue);
        for (var index = 1; index <= 50; index++) hub.Publish(machine.Apply(index, Put("k"))!);
        var told = 0L;
        for (; queue.TryRead(out var message) && message is WatchMessage.Batch batch; told = batch.Revision) Assert.Single(batch.Events);
        Assert.Equal(7, told);
        Assert.Equal(0, hub.Synced);
        hub.CatchUp();
        Assert.True(queue.TryRead(out var end));
        Assert.Equal(told + 1, Assert.IsType<WatchMessage.TooSlow>(end).ResumeRevision);
        Assert.Equal(0, hub.Unsynced);
        queue = new();
        hub.Watch(new(KeyRange.All) { StartRevision = told + 1 }, queue);
        hub.CatchUp();
        Assert.True(queue.TryRead(out var next));
        Assert.Equal(told + 1, ((WatchMessage.Batch)next).Events[0].Revision);
    }

    [Fact]
    public void A_watcher_that_falls_behind_reads_on_in_the_history()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        var hub = new WatchHub(machine.View, Small);
        var queue = new WatchQueue();
        hub.Watch(new(KeyRange.All), queue);
        var told = new List<long>();
        for (var index = 1; index <= 200; index++)
        {
            hub.Publish(machine.Apply(index, Put("k"))!);
            if (index % 20 == 0) ReadAll();
        }

        ReadAll();
        Assert.Equal(Enumerable.Range(2, 200).Select(static one => (long)one), told);
        Assert.Equal(1, hub.Synced);

        void ReadAll()
        {
            do
            {
                while (queue.TryRead(out var message)) told.AddRange(Assert.IsType<WatchMessage.Batch>(message).Events.Select(static one => one.Revision));
            }
            while (hub.CatchUp() > 0);
        }
    }

    [Fact]
    public void A_watch_from_before_the_compaction_is_told_where_it_was()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        for (var index = 1; index <= 10; index++) machine.Apply(index, Put("k"));
        machine.Apply(11, new(default, new Command.Compact(6)));
        var (hub, queue) = (new WatchHub(machine.View, new()), new WatchQueue());
        var early = hub.Watch(new(KeyRange.All) { StartRevision = 5 }, queue)!;
        var exact = hub.Watch(new(KeyRange.All) { StartRevision = 6 }, queue)!;
        hub.CatchUp();
        Assert.True(queue.TryRead(out var first));
        Assert.Equal(new WatchMessage.Compacted(early, 6), first);
        Assert.True(queue.TryRead(out var second));
        Assert.Same(exact, second.Watcher);
        Assert.Equal([6, 7, 8, 9, 10, 11], ((WatchMessage.Batch)second).Events.Select(one => one.Revision));
        Assert.Null(((WatchMessage.Batch)second).Events[0].Previous);
    }

    [Fact]
    public void Progress_is_told_when_nothing_waits()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        var (hub, queue) = (new WatchHub(machine.View, new()), new WatchQueue());
        var watcher = hub.Watch(new(KeyRange.Single(Bytes.Of("k"))), queue)!;
        hub.Publish(machine.Apply(1, Put("other"))!);
        Assert.True(hub.TryTellProgress(watcher));
        Assert.True(queue.TryRead(out var message));
        Assert.Equal((2, 0), (((WatchMessage.Batch)message).Revision, ((WatchMessage.Batch)message).Events.Count));
        hub.Publish(machine.Apply(2, Put("k"))!);
        Assert.False(hub.TryTellProgress(watcher));
        hub.Cancel(watcher);
        Assert.Null(hub.Watch(new(new(Bytes.Of("b"), Bytes.Of("a"))), queue));
    }

    [Fact]
    public void A_long_batch_is_parted_for_who_wants_fragments()
    {
        var events = Enumerable.Range(0, 10).Select(i => new Event(EventKind.Put, new(Bytes.Of("k" + i), default, 5, 5, 1, 0), null)).ToList();
        var parts = WatchFragments.Split(new(null!, 5, events), one => one.KeyValue.Key == Bytes.Of("k3") ? 500 : 40, 100);
        Assert.Equal([2, 1, 1, 2, 2, 2], parts.Select(part => part.Events.Count));
        Assert.Equal(events, parts.SelectMany(part => part.Events));
    }

    private static Proposal Put(string key) => new(default, new Command.Execute(new Operation.Put(Bytes.Of(key), Bytes.Of("v"))));

    private static Seen? Begin(Storm storm, WatchHub hub, StoreView view)
    {
        var request = new WatchRequest(storm.NextKeys())
        {
            StartRevision = storm.OneIn(3) ? 0 : storm.NextRevision(view) + (storm.OneIn(5) ? 5 : 0),
            NoPut = storm.OneIn(6),
            NoDelete = storm.OneIn(6),
        };
        if (request.Keys.Key.IsEmpty) return null;
        var queue = new WatchQueue();
        var watcher = hub.Watch(request, queue);
        Assert.Equal(request.Keys.IsEmpty, watcher is null);
        return watcher is null ? null : new(request, queue, request.StartRevision == 0 ? view.Revision + 1 : request.StartRevision);
    }

    // As if a peer's snapshot had come in: some entries were never seen one by one.
    private static void Jump(ref StoreMachine machine, WatchHub hub, Storm storm, List<Event> history)
    {
        for (var i = 1; i <= 5; i++) history.AddRange(machine.Apply(machine.View.Index + 1, storm.Next(machine.View))!.Events);
        machine = new(ModelTests.Copied(machine.View));
        hub.Restart(machine.View);
    }
}
