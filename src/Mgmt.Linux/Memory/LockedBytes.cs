using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Memory;

/// <summary>
/// A few bytes that nobody else shall see, such as a passphrase: in pages of their own, which are locked into memory, left out of core dumps and of forked
/// processes, moved by no garbage collector, and wiped when it is disposed. Not safe for several threads at once.
/// </summary>
public sealed unsafe class LockedBytes : IDisposable
{
    private readonly nuint _reserved;
    private byte* _start;

    /// <summary>Reserves room.</summary>
    /// <param name="capacity">The most bytes that it will hold.</param>
    /// <exception cref="FileException">The system gives or locks no memory.</exception>
    public LockedBytes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        _reserved = ((nuint)capacity + MemoryNative.PageBytes - 1) / MemoryNative.PageBytes * MemoryNative.PageBytes;
        var start = MemoryNative.MMap(0, _reserved, MemoryNative.ReadWrite, MemoryNative.PrivateAnonymous, -1, 0);
        if (start == -1) throw FileException.Of("reserve memory for a secret", Errno.Last);
        _start = (byte*)start;
        if (MemoryNative.MLock(start, _reserved) != 0)
        {
            var errno = Errno.Last;
            Free();
            throw new FileException($"cannot lock memory for a secret: {Marshal.GetPInvokeErrorMessage(errno)}; raise the limit of locked memory (ulimit -l, LimitMEMLOCK=)", errno);
        }

        // Where a kernel knows these not, the lock holds all the same.
        _ = MemoryNative.MAdvise(start, _reserved, MemoryNative.DontDump);
        _ = MemoryNative.MAdvise(start, _reserved, MemoryNative.DontFork);
    }

    /// <summary>The last way to a wiped page, should somebody forget.</summary>
    ~LockedBytes() => Free();

    /// <summary>The most bytes that it holds.</summary>
    public int Capacity { get; }

    /// <summary>How many it holds.</summary>
    public int Length { get; private set; }

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Bytes => Room[..Length];

    /// <summary>Where its pages are.</summary>
    internal nuint Address => (nuint)_start;

    private Span<byte> Room => _start is null ? throw new ObjectDisposedException(nameof(LockedBytes)) : new(_start, Capacity);

    /// <summary>Takes more bytes.</summary>
    /// <returns>False when there is no room for them; then none is taken.</returns>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Capacity - Length) return false;
        bytes.CopyTo(Room[Length..]);
        Length += bytes.Length;
        return true;
    }

    /// <summary>Reads once from a stream, right into its place.</summary>
    /// <param name="from">One that keeps no copy, as a console's or a file's without a buffer.</param>
    /// <returns>How many were read: none at the end, or when there is no room.</returns>
    public int ReadFrom(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        var count = Capacity == Length ? 0 : from.Read(Room[Length..]);
        Length += count;
        return count;
    }

    /// <summary>Reads one byte of a file, right into its place.</summary>
    /// <returns>False at the end, after an error, or when there is no room.</returns>
    internal bool ReadOne(OpenFile from)
    {
        if (Capacity == Length) return false;
        nint count;
        do
        {
            count = InotifyNative.Read(from, ref Room[Length], 1);
        }
        while (count < 0 && Errno.Last == Errno.Interrupted);
        if (count == 1) Length++;
        return count == 1;
    }

    /// <summary>Forgets all but the first bytes, and wipes the rest.</summary>
    public void Cut(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        CryptographicOperations.ZeroMemory(Room[length..]);
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Nothing of it is ever text.</summary>
    public override string ToString() => "(secret)";

    private void Free()
    {
        if (_start is null) return;
        CryptographicOperations.ZeroMemory(new Span<byte>(_start, Capacity));
        var start = (nint)_start;
        _start = null;
        Length = 0;
        _ = MemoryNative.MUnlock(start, _reserved);
        _ = MemoryNative.MUnmap(start, _reserved);
    }
}
