using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Snapshots;

/// <summary>Writes a state as a snapshot, piece by piece, while the machine goes on. Equal states give equal bytes.</summary>
public static class SnapshotWriter
{
    /// <summary>Writes all pieces to a stream.</summary>
    public static void Write(StoreView view, Stream target)
    {
        foreach (var piece in Pieces(view)) target.Write(piece.Span);
    }

    /// <summary>The pieces in order, most of about 64 KiB.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(StoreView view)
    {
        yield return (byte[])[.. SnapshotFormat.Magic, SnapshotFormat.Version];
        var number = 0L;
        foreach (var body in Bodies(view)) yield return SnapshotFormat.Frame(number++, body.Written);
    }

    private static IEnumerable<WireWriter> Bodies(StoreView view)
    {
        var writer = new WireWriter();
        SnapshotFormat.WriteHead(writer, view);
        yield return writer;
        var parts = Part(writer, SnapshotFormat.Leases, view.LeaseMap.Values, RecordCodec.Write)
            .Concat(Part(writer, SnapshotFormat.Alarms, view.AlarmList, RecordCodec.Write))
            .Concat(Part(writer, SnapshotFormat.Members, view.MemberMap.Values, RecordCodec.Write))
            .Concat(Part(writer, SnapshotFormat.Base, KeptRecords.Base(view), RecordCodec.Write))
            .Concat(Part(writer, SnapshotFormat.Events, Enumerable.Range(0, view.Log.Count).Select(i => view.Log[i]), RecordCodec.Write));
        foreach (var part in parts) yield return part;
        writer.Clear();
        writer.Byte(SnapshotFormat.End);
        writer.Fixed64(view.HashAll());
        yield return writer;
    }

    private static IEnumerable<WireWriter> Part<T>(WireWriter writer, byte kind, IEnumerable<T> items, Action<WireWriter, T> write)
    {
        writer.Clear();
        foreach (var item in items)
        {
            if (writer.Length == 0) writer.Byte(kind);
            write(writer, item);
            if (writer.Length < SnapshotFormat.FrameBytes) continue;
            yield return writer;
            writer.Clear();
        }

        if (writer.Length > 0) yield return writer;
    }
}
