using System.Runtime.InteropServices;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Fanotify;

/// <summary>Reads fanotify's queue. Belongs to the event thread.</summary>
internal sealed class FanotifyReader(InodeTable table) : IEventReader
{
    private const int MetadataBytes = 24, InfoHeadBytes = 4;
    private const byte FolderAndName = 2, FolderOnly = 3; // FAN_EVENT_INFO_TYPE_DFID_NAME, _DFID
    private const InotifyMask AttributesOfFolder = InotifyMask.Attributes | InotifyMask.IsFolder;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private readonly List<Heard> _found = [];

    /// <inheritdoc/>
    public OpenFile? Queue => table.Fanotify?.Queue;

    // The kernel counts the fixed part of each event alone.
    public int Waiting => Queue is { } queue && InotifyNative.IoControl(queue, InotifyNative.BytesWaiting, out var bytes) == 0 ? bytes / MetadataBytes : 0;

    public int Read(EventBatch batch)
    {
        if (Queue is not { } queue) return 0;
        var count = InotifyNative.Read(queue, ref _buffer[0], (nuint)_buffer.Length);
        if (count < 0) return Errno.Last is Errno.Again or Errno.Interrupted ? 0 : throw FileException.Of("read the events of a file system", Errno.Last);
        var events = 0;
        for (var rest = _buffer.AsSpan(0, (int)count); rest.Length >= MetadataBytes; events++)
        {
            var length = MemoryMarshal.Read<int>(rest);
            Dispatch((InotifyMask)(uint)MemoryMarshal.Read<ulong>(rest[8..]), rest[MemoryMarshal.Read<ushort>(rest[6..])..length], batch);
            rest = rest[length..];
        }

        return events;
    }

    private void Dispatch(InotifyMask mask, ReadOnlySpan<byte> infos, EventBatch batch)
    {
        if ((mask & InotifyMask.Overflow) != 0)
        {
            batch.Overflowed();
            return;
        }

        while (infos.Length > InfoHeadBytes)
        {
            var length = MemoryMarshal.Read<ushort>(infos[2..]);
            if (infos[0] is FolderAndName or FolderOnly) Dispatch(mask, infos[InfoHeadBytes..length], hasName: infos[0] == FolderAndName, batch);
            infos = infos[length..];
        }
    }

    private void Dispatch(InotifyMask mask, ReadOnlySpan<byte> place, bool hasName, EventBatch batch)
    {
        var handleBytes = InodeHandle.IdBytes + InodeHandle.HeadBytes + MemoryMarshal.Read<int>(place[InodeHandle.IdBytes..]);
        var name = hasName ? place[handleBytes..] : [];
        var end = name.IndexOf((byte)0);
        if (end >= 0) name = name[..end];
        var isSelf = name.SequenceEqual("."u8);
        Tell(place[..handleBytes], mask, isSelf ? [] : name, batch);
        if (isSelf && (mask & AttributesOfFolder) == AttributesOfFolder) TellAbove(place[..handleBytes], batch);
    }

    private void Tell(ReadOnlySpan<byte> handle, InotifyMask mask, ReadOnlySpan<byte> name, EventBatch batch)
    {
        _found.Clear();
        table.Find(handle, mask, name, _found);
        batch.Hand(_found, name);
    }

    /// <summary>A directory's own change is told of itself alone; whoever watches it by its name wants to hear of it too.</summary>
    private void TellAbove(ReadOnlySpan<byte> handle, EventBatch batch)
    {
        var filesystem = MemoryMarshal.Read<ulong>(handle);
        if (table.PathOn(filesystem) is not { } path) return;

        // Not kept open: it would keep the file system from being unmounted.
        using var mount = OpenFile.Try(OpenFile.None, path, FileNative.ReadOnly | FileNative.Directory, out var errno);
        if (errno != 0)
        {
            batch.Overflowed();
            return;
        }

        using var folder = InodeHandle.Open(mount, handle);
        if (folder is null || LinkText.Read(OpenFile.None, folder.ProcPath(), out _) is not { } text) return;
        using var above = OpenFile.Try(folder, new FileName(".."), FileNative.PathOnly | FileNative.Directory, out errno);
        if (errno != 0 || InodeHandle.Of(above, filesystem, out _) is not { } key) return;
        Tell(key.Bytes, AttributesOfFolder, text.Bytes[(text.Bytes.LastIndexOf((byte)'/') + 1)..], batch);
    }
}
