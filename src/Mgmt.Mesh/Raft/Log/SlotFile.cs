using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>
/// A few bytes that are replaced as a whole: two slots that are written in turn, each with a number and a checksum. It needs no room on the disk after it was made.
/// </summary>
internal sealed class SlotFile : IDisposable
{
    private const int HeadSize = 24;
    private static ReadOnlySpan<byte> Magic => "MGMTSLOT"u8;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly byte[] _slot;
    private long _sequence;

    private SlotFile(string path, SafeFileHandle file, int slotSize) => (_path, _file, _slot) = (path, file, new byte[slotSize]);

    /// <summary>What was written last; empty when nothing was.</summary>
    public byte[] Content { get; private set; } = [];

    /// <param name="path">The file, which is made when it is not there.</param>
    /// <param name="slotSize">A slot's bytes. In one of a sector's size, what is not sound is damage; a longer one may be torn by a power cut, then the other counts.</param>
    /// <exception cref="LogException">What it holds is damaged.</exception>
    public static SlotFile Open(string path, int slotSize)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var slots = new SlotFile(path, file, slotSize);
        try
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            slots.Read();
            return slots;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public int MaxLength => _slot.Length - HeadSize - Magic.Length;

    /// <summary>Puts content in the place of what was there; it is on the disk when this returns.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxLength, nameof(content));
        var sequence = _sequence + 1;
        Array.Clear(_slot);
        Magic.CopyTo(_slot);
        BinaryPrimitives.WriteInt32LittleEndian(_slot.AsSpan(12), content.Length);
        BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(16), sequence);
        content.CopyTo(_slot.AsSpan(HeadSize + 8));
        BinaryPrimitives.WriteUInt32LittleEndian(_slot.AsSpan(8), Crc32C.Of(Crc32C.Start, _slot.AsSpan(12)));
        RandomAccess.Write(_file, _slot, (sequence & 1) * _slot.Length);
        RandomAccess.FlushToDisk(_file);
        (_sequence, Content) = (sequence, content.ToArray());
    }

    public void Dispose() => _file.Dispose();

    private void Read()
    {
        // Not flushed: it says nothing before the first content, which is flushed together with it. Its room is taken.
        if (RandomAccess.GetLength(_file) < 2L * _slot.Length) RandomAccess.Write(_file, new byte[2 * _slot.Length], 0);

        var damaged = 0;
        for (var at = 0; at < 2; at++)
        {
            RandomAccess.Read(_file, _slot, (long)at * _slot.Length);
            if (!_slot.AsSpan().ContainsAnyExcept((byte)0)) continue;
            if (!TryRead()) damaged++;
        }

        if (damaged == 2 || (damaged == 1 && (_slot.Length <= 512 || _sequence == 0)))
            throw new LogException($"cannot read {_path}: its checksum is wrong; the disk may be failing. Remove this member and add it anew");
    }

    private bool TryRead()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_slot.AsSpan(12));
        if (!_slot.AsSpan(0, 8).SequenceEqual(Magic) || length < 0 || length > MaxLength) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(_slot.AsSpan(8)) != Crc32C.Of(Crc32C.Start, _slot.AsSpan(12))) return false;
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(_slot.AsSpan(16));
        if (sequence > _sequence) (_sequence, Content) = (sequence, _slot.AsSpan(HeadSize + 8, length).ToArray());
        return true;
    }
}
