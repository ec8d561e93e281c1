using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Tests.Home;

namespace Mgmt.Store.Tests.Measures;

internal static class HomeMeasure
{
    public static void Run()
    {
        using var place = new Place();
        var machine = Measure.Filled(Measure.Keys);
        Once("home: write 100,000 keys anew", () => place.Create(machine.View).Dispose());
        Console.WriteLine($"home: {new FileInfo(place.Path).Length / 1e6:n1} MB");
        Open(place, "100,000 keys, all in history");
        foreach (var size in new[] { 1, 100, 1000 }) Flush(place, size);
        var home = place.Reopen();
        machine = new(home.View);
        machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(machine.View.Revision)));
        Once("home: compact 100,000 keys", () => home.Flush(machine.View));
        Once("home: checkpoint after it", () => home.Checkpoint());
        for (var i = 0; i < 10_000; i++) machine.Apply(machine.View.Index + 1, Measure.Put(i * 7));
        machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(machine.View.Revision)));
        Once("home: compact 10,000 overwrites among 100,000 keys", () => home.Flush(machine.View));
        Once("home: scrub", () => home.Scrub());
        home.Dispose();
        Open(place, "100,000 keys, compacted");
    }

    private static void Open(Place place, string what) => Measure.Time($"home: open {what}", 1, () => place.Reopen().Dispose());

    private static void Flush(Place place, int size)
    {
        using var home = place.Reopen();
        var machine = new StoreMachine(home.View);
        Measure.Time($"home: flush a batch of {size} puts", 50, () =>
        {
            for (var batch = 0; batch < 50; batch++)
            {
                for (var i = 0; i < size; i++) machine.Apply(machine.View.Index + 1, Measure.Put(i));
                home.Flush(machine.View);
            }
        }, 3);
    }

    private static void Once(string name, Action action) => Measure.Time(name, 1, action, runs: 1);
}
