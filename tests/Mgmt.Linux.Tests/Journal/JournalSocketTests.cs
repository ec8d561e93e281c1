using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mgmt.Linux.Journal;

namespace Mgmt.Linux.Tests.Journal;

/// <summary>A socket of the kernel stands in for the journal's.</summary>
public sealed partial class JournalSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-journal-").FullName;
    private readonly Socket _journal = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };

    public JournalSocketTests() => _journal.Bind(new UnixDomainSocketEndPoint(Place));

    private string Place => Path.Combine(_folder, "socket");

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_entry_is_one_datagram()
    {
        using var socket = new JournalSocket(Place);
        Assert.True(socket.TrySend(new JournalEntry().Add("MESSAGE", "one")));
        Assert.True(socket.TrySend(new JournalEntry().Add("MESSAGE", "two")));
        var buffer = new byte[100];
        Assert.Equal("MESSAGE=one\n"u8, buffer.AsSpan(0, _journal.Receive(buffer)));
        Assert.Equal("MESSAGE=two\n"u8, buffer.AsSpan(0, _journal.Receive(buffer)));
    }

    [Fact]
    public void A_long_entry_comes_as_memory_that_nobody_can_change()
    {
        using var socket = new JournalSocket(Place);
        var text = new string('x', 5_000_000);
        Assert.True(socket.TrySend(new JournalEntry().Add("MESSAGE", text)));
        using var memory = ReceiveDescriptor();
        using var stream = new FileStream(memory, FileAccess.ReadWrite, bufferSize: 0);
        stream.Position = 0;
        using var reader = new StreamReader(stream, leaveOpen: true);
        Assert.Equal($"MESSAGE={text}\n", reader.ReadToEnd());
        Assert.ThrowsAny<Exception>(() =>
        {
            stream.Position = 0;
            stream.WriteByte(1);
        });
    }

    [Fact]
    public void Without_a_journal_it_is_said_so_and_with_a_new_one_it_goes_on()
    {
        using var socket = new JournalSocket(Place);
        var entry = new JournalEntry().Add("MESSAGE", "x");
        _journal.Close();
        Assert.False(socket.TrySend(entry));
        File.Delete(Place);
        Assert.False(socket.TrySend(entry));
        using var again = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        again.Bind(new UnixDomainSocketEndPoint(Place));
        Assert.True(socket.TrySend(entry));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0:0")]
    [InlineData("x")]
    public void Standard_error_that_is_no_stream_of_the_journal_is_none(string? stream) => Assert.False(JournalSocket.IsStandardError(stream));

    private unsafe SafeFileHandle ReceiveDescriptor()
    {
        var control = default(ControlMessage);
        var message = new MessageHeader { Control = &control, ControlLength = (nuint)sizeof(ControlMessage) };
        Assert.Equal(0, ReceiveMessage(_journal.SafeHandle, &message, 0));
        Assert.Equal((nuint)20, control.Length);
        return new SafeFileHandle(control.Descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);
}
