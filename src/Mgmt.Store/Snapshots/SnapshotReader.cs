using System.Buffers.Binary;
using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Snapshots;

/// <summary>Reads snapshots. Whatever the bytes are, the answer is the state that was written or a sentence that says what is wrong.</summary>
public static class SnapshotReader
{
    /// <summary>Reads a whole snapshot.</summary>
    /// <param name="source">Where it is read from, up to its end frame.</param>
    /// <param name="cluster">The cluster that it has to be of; null is any.</param>
    /// <param name="view">The state.</param>
    /// <param name="problem">What is wrong, beginning with "cannot".</param>
    public static bool TryRead(Stream source, ulong? cluster, out StoreView view, out string problem)
    {
        view = null!;
        if (!TryReadHead(source, out var mark, out _, out problem)) return false;
        if (cluster is { } ours && mark.Cluster != ours)
        {
            problem = $"cannot take a snapshot of cluster {mark.Cluster:x} into cluster {ours:x}: take one of this cluster";
            return false;
        }

        var loader = new StateLoader(mark);
        var frames = new FrameSource(source, 1);
        for (; ;)
        {
            if (!frames.TryRead(out var body, out problem)) return false;
            if (body[0] == SnapshotFormat.End) return TryFinish(body, loader, frames.Number, out view, out problem);
            if (!TryLoad(body, loader)) problem = Damaged(frames.Number, loader.Problem.Length > 0 ? loader.Problem : "its records cannot be read");
            if (problem.Length > 0) return false;
        }
    }

    /// <summary>Reads only what a snapshot says of itself.</summary>
    public static bool TryInspect(Stream source, out SnapshotHead head, out string problem) => TryReadHead(source, out _, out head, out problem);

    internal static string Damaged(long frame, string why) => $"cannot read the snapshot: frame {frame}: {why}; take a new one";

    private static bool TryReadHead(Stream source, out StateMark mark, out SnapshotHead head, out string problem)
    {
        (mark, head) = (null!, null!);
        Span<byte> magic = stackalloc byte[8];
        if (source.ReadAtLeast(magic, 8, throwOnEndOfStream: false) < 8 || !magic.StartsWith(SnapshotFormat.Magic))
        {
            problem = "cannot read the snapshot: it does not begin as one; name a file written by \"snapshot save\"";
            return false;
        }

        if (magic[7] != SnapshotFormat.Version)
        {
            problem = $"cannot read a snapshot of version {magic[7]}: this program knows version {SnapshotFormat.Version}; run a newer one";
            return false;
        }

        if (!new FrameSource(source, 0).TryRead(out var body, out problem)) return false;
        if (!SnapshotFormat.TryReadHead(body, out mark, out head)) problem = Damaged(0, "it is no head");
        return problem.Length == 0;
    }

    private static bool TryLoad(byte[] body, StateLoader loader)
    {
        var reader = new WireReader(body);
        var kind = reader.Byte();
        while (reader.Left > 0)
        {
            switch (kind)
            {
                case SnapshotFormat.Leases: loader.AddLease(RecordCodec.ReadLease(ref reader)); break;
                case SnapshotFormat.Alarms: loader.AddAlarm(RecordCodec.ReadAlarm(ref reader)); break;
                case SnapshotFormat.Members: loader.AddMember(RecordCodec.ReadMember(ref reader)); break;
                case SnapshotFormat.Base: loader.AddBase(RecordCodec.Read(ref reader)); break;
                case SnapshotFormat.Events: loader.AddEvent(RecordCodec.ReadEvent(ref reader)); break;
                default: return false;
            }
        }

        return reader.IsDone && loader.Problem.Length == 0;
    }

    private static bool TryFinish(byte[] body, StateLoader loader, long frame, out StoreView view, out string problem)
    {
        view = loader.Finish()!;
        problem = "";
        if (view is null) problem = Damaged(frame, loader.Problem);
        else if (body.Length != 9 || BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(1)) != view.HashAll()) problem = Damaged(frame, "the checksum of the whole does not hold");
        return problem.Length == 0;
    }

    private sealed class FrameSource(Stream source, long next)
    {
        /// <summary>The number of the frame read last.</summary>
        public long Number { get; private set; } = next - 1;

        public bool TryRead(out byte[] body, out string problem)
        {
            Number++;
            (body, problem) = ([], "");
            Span<byte> word = stackalloc byte[4];
            var hasLength = source.ReadAtLeast(word, 4, throwOnEndOfStream: false) == 4;
            var length = BinaryPrimitives.ReadInt32LittleEndian(word);
            if (!hasLength) problem = Damaged(Number, "it is missing: the snapshot was cut off");
            else if (length is < 1 or > SnapshotFormat.MaxFrameBytes) problem = Damaged(Number, $"its length is {length}");
            if (problem.Length > 0) return false;
            body = new byte[length];
            if (source.ReadAtLeast(body, length, throwOnEndOfStream: false) < length || source.ReadAtLeast(word, 4, throwOnEndOfStream: false) < 4) problem = Damaged(Number, "the snapshot was cut off in it");
            else if (BinaryPrimitives.ReadUInt32LittleEndian(word) != SnapshotFormat.Checksum(Number, body)) problem = Damaged(Number, "its checksum does not hold");
            return problem.Length == 0;
        }
    }
}
