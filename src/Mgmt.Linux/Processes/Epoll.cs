using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>Waits for many descriptors at once. Each is known by a token that its owner chose.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Batch = 64;

    // struct epoll_event is packed on x86-64 alone.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    private readonly SafeFileHandle _epoll;
    private readonly byte[] _events = new byte[Batch * EventSize];

    internal Epoll()
    {
        var file = ProcessNative.EpollCreate(ProcessNative.EPOLL_CLOEXEC);
        if (file < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _epoll = new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>Begins to wait for a descriptor to have something to read.</summary>
    internal void Add(SafeFileHandle file, ulong token, bool once = false) => Control(ProcessNative.EPOLL_CTL_ADD, file, token, once);

    /// <summary>Waits once more for a descriptor that was added to be waited for once.</summary>
    internal void Again(SafeFileHandle file, ulong token) => Control(ProcessNative.EPOLL_CTL_MOD, file, token, once: true);

    /// <summary>Waits no more for a descriptor.</summary>
    internal void Remove(SafeFileHandle file) => Control(ProcessNative.EPOLL_CTL_DEL, file, 0, once: false);

    /// <summary>Blocks until at least one descriptor is ready, and gives the tokens of those that are.</summary>
    internal int Wait(Span<ulong> tokens)
    {
        fixed (byte* events = _events)
        {
            int count;
            do
            {
                count = ProcessNative.EpollWait(_epoll, events, Math.Min(Batch, tokens.Length), timeout: -1);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR);
            if (count < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
            for (var i = 0; i < count; i++) tokens[i] = BinaryPrimitives.ReadUInt64LittleEndian(_events.AsSpan((i * EventSize) + DataOffset));
            return count;
        }
    }

    public void Dispose() => _epoll.Dispose();

    private void Control(int operation, SafeFileHandle file, ulong token, bool once)
    {
        var @event = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(@event, 4), ProcessNative.EPOLLIN | (once ? ProcessNative.EPOLLONESHOT : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(@event + DataOffset, 8), token);
        if (ProcessNative.EpollControl(_epoll, operation, file, @event) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
