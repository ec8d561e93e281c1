using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Journal;

/// <summary>systemd's journal, as this machine's programs reach it. Entries that are longer than a datagram go as sealed memory.</summary>
public sealed class JournalSocket : IDisposable
{
    /// <summary>Where journald listens.</summary>
    public const string Usual = "/run/systemd/journal/socket";

    // Larger ones need not fail: the kernel says so for those that do.
    private const int LongestName = 107;
    private const int NoSignal = 0x4000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _place;
    private readonly byte[] _address;

    /// <summary>Connects nothing: who listens there may come and go.</summary>
    public JournalSocket(string place = Usual)
    {
        _place = new(place);
        _address = new byte[sizeof(ushort) + LongestName + 1];
        _address[0] = (byte)AddressFamily.Unix;
        Encoding.UTF8.GetBytes(place, _address.AsSpan(sizeof(ushort)));
    }

    /// <summary>Whether standard error is the journal's stream, as JOURNAL_STREAM says it is: <c>DEVICE:INODE</c>. The variable alone is not enough, as children inherit it.</summary>
    public static bool IsStandardError(string? stream)
    {
        if (string.IsNullOrEmpty(stream) || FileStatus.TryLook(OpenFile.StandardError, FileName.Empty, FileNative.AtEmptyPath, out var status) != 0) return false;
        return stream == $"{DeviceNumber(status.Identity.Device)}:{status.Identity.Inode}";
    }

    /// <summary>Sends an entry; the answer is whether the journal has it. It waits while the journal does not keep up.</summary>
    public bool TrySend(JournalEntry entry)
    {
        try
        {
            return _socket.SendTo(entry.Bytes, SocketFlags.None, _place) == entry.Bytes.Length;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.MessageSize or SocketError.NoBufferSpaceAvailable)
        {
            return TrySendMemory(entry.Bytes);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool TrySendMemory(ReadOnlySpan<byte> bytes)
    {
        using var memory = JournalNative.MemoryFile("journal-entry", JournalNative.CloseOnExec | JournalNative.AllowSealing);
        if (memory.IsInvalid) return false;
        while (bytes.Length > 0)
        {
            var count = FileNative.Write(memory, in bytes[0], (nuint)bytes.Length);
            if (count < 0 && Errno.Last != Errno.Interrupted) return false;
            if (count > 0) bytes = bytes[(int)count..];
        }

        // The journal takes only what nobody can change any more.
        return JournalNative.FControl(memory, JournalNative.AddSeals, JournalNative.AllSeals) == 0 && TrySendDescriptor(memory.Descriptor);
    }

    private unsafe bool TrySendDescriptor(int descriptor)
    {
        var control = new ControlMessage { Length = 20, Level = 1, Type = 1, Descriptor = descriptor }; // SOL_SOCKET, SCM_RIGHTS
        fixed (byte* address = _address)
        {
            var message = new MessageHeader { Name = address, NameLength = (uint)_address.Length, Control = &control, ControlLength = (nuint)sizeof(ControlMessage) };
            return JournalNative.SendMessage(_socket.SafeHandle, in message, NoSignal) >= 0;
        }
    }

    // As stat(2) puts the two numbers of a device together.
    private static ulong DeviceNumber(ulong device)
    {
        var (major, minor) = (device >> 32, device & 0xffff_ffff);
        return ((major & 0xffff_f000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffff_ff00) << 12) | (minor & 0xff);
    }
}

/// <summary>The calls for entries that do not fit into a datagram.</summary>
internal static partial class JournalNative
{
    internal const uint CloseOnExec = 1, AllowSealing = 2;
    internal const int AddSeals = 1033, AllSeals = 0xf; // F_ADD_SEALS: seal, shrink, grow, write

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial OpenFile MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FControl(OpenFile file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(SafeHandle socket, in MessageHeader message, int flags);
}

/// <summary>struct msghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal byte* Name;
    internal uint NameLength;
    internal void* Vectors;
    internal nuint VectorCount;
    internal void* Control;
    internal nuint ControlLength;
    internal int Flags;
}

/// <summary>struct cmsghdr with one descriptor behind it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct ControlMessage
{
    internal nuint Length;
    internal int Level, Type, Descriptor;
}
