using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Store.Tests.Measures;

internal static class MachineMeasure
{
    public static void Run()
    {
        const int keys = Measure.Keys;
        Measure.Filled(1000);
        Measure.Time("apply: put of a new key", keys, () => Measure.Filled(keys));
        var machine = Measure.Memory("memory: 100,000 keys of 100 bytes with the history that made them", () => Measure.Filled(keys));
        Measure.Time("apply: put of a present key", 50_000, () =>
        {
            var other = new StoreMachine(machine.View);
            for (var i = 0; i < 50_000; i++) other.Apply(keys + 1 + i, Measure.Put(i));
        });
        var (put, encoded) = (Measure.Put(5), CommandCodec.Encode(Measure.Put(5)));
        Measure.Time("codec: encode a put", keys, () => Repeat(keys, () => CommandCodec.Encode(put)));
        Measure.Time("codec: decode a put", keys, () => Repeat(keys, () => CommandCodec.TryDecode(encoded, out _, out _)));
        Reads(machine.View);
        Snapshots(machine.View);
        machine.Apply(keys + 1, new(default, new Command.Compact(machine.View.Revision)));
        Measure.Memory("memory: what a copy takes with the history compacted", () => Tests.Machine.ModelTests.Copied(machine.View));
        GC.KeepAlive(machine);
    }

    private static void Reads(StoreView view)
    {
        Measure.Time("read: one key of 100,000", 100_000, () => Repeat(100_000, () => view.Read(new Operation.Range(KeyRange.Single(Measure.Key(4711))))));
        var prefix = KeyRange.Prefix(Bytes.Of("/mgmt/host0042/"));
        Measure.Time("read: a prefix of 100 keys", 10_000, () => Repeat(10_000, () => view.Read(new Operation.Range(prefix))));
        Measure.Time("read: the first key of everything, with the count", 100_000, () => Repeat(100_000, () => view.Read(new Operation.Range(KeyRange.All) { Limit = 1 })));
        Measure.Time("read: all 100,000 keys", 10, () => Repeat(10, () => view.Read(new Operation.Range(KeyRange.All))));
        Measure.Time("read: a prefix 1,000 revisions ago", 1000, () => Repeat(1000, () => view.Read(new Operation.Range(prefix) { Revision = view.Revision - 1000 })));
        Measure.Time("read: a prefix 100,000 revisions ago", 20, () => Repeat(20, () => view.Read(new Operation.Range(prefix) { Revision = 1 })));
        Measure.Time("hash: 100,000 keys", 5, () => Repeat(5, () => view.HashKeys(0, out _)));
    }

    private static void Snapshots(StoreView view)
    {
        var bytes = new MemoryStream(64 * 1024 * 1024);
        Measure.Time("snapshot: write 100,000 keys", 1, () =>
        {
            bytes.SetLength(0);
            SnapshotWriter.Write(view, bytes);
        });
        Console.WriteLine($"snapshot: {bytes.Length / 1e6:n1} MB");
        Measure.Time("snapshot: read 100,000 keys", 1, () =>
        {
            bytes.Position = 0;
            SnapshotReader.TryRead(bytes, 7, out _, out _);
        });
    }

    private static void Repeat<T>(int times, Func<T> action)
    {
        for (var i = 0; i < times; i++) action();
    }
}
