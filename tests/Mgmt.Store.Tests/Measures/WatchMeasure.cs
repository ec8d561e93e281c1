using Mgmt.Store.Machine;
using Mgmt.Store.Watches;

namespace Mgmt.Store.Tests.Measures;

/// <summary>What an applied put costs until every watcher has it in its queue and it is taken out again.</summary>
internal static class WatchMeasure
{
    private const int Puts = 2000;

    public static void Run()
    {
        Measure.Time("watch: put with nobody watching", Puts, () => Fan(0, _ => default));
        Measure.Time("watch: put to 1 watcher of the key", Puts, () => Fan(1, _ => KeyRange.Single(Measure.Key(1))));
        Measure.Time("watch: put to 1,000 watchers of the key", Puts, () => Fan(1000, _ => KeyRange.Single(Measure.Key(1))));
        Measure.Time("watch: put to 1,000 watchers of everything", Puts, () => Fan(1000, _ => KeyRange.All));
        Measure.Time("watch: put to 1 of 1,000 watchers of different prefixes", Puts, () => Fan(1000, i => KeyRange.Prefix(Bytes.Of($"/mgmt/host{i:d4}/"))));
        var view = Measure.Filled(Measure.Keys).View;
        Measure.Time("watch: catch up with 100,000 events, each", Measure.Keys, () =>
        {
            var (hub, queue) = (new WatchHub(view, new(Events: 200_000, Bytes: long.MaxValue)), new WatchQueue());
            hub.Watch(new(KeyRange.All) { StartRevision = 1 }, queue);
            while (hub.CatchUp() > 0) queue.TryRead(out _);
        });
    }

    private static void Fan(int watchers, Func<int, KeyRange> keys)
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        var hub = new WatchHub(machine.View, new());
        var queues = Enumerable.Range(0, watchers).Select(_ => new WatchQueue()).ToArray();
        for (var i = 0; i < watchers; i++) hub.Watch(new(keys(i)), queues[i]);
        for (var i = 1; i <= Puts; i++)
        {
            hub.Publish(machine.Apply(i, Measure.Put(1))!);
            foreach (var queue in queues) queue.TryRead(out _);
        }
    }
}
