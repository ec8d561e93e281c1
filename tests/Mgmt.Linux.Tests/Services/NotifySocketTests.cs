using System.Net.Sockets;
using Mgmt.Linux.Services;

namespace Mgmt.Linux.Tests.Services;

public sealed class NotifySocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-notify-").FullName;
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };

    public void Dispose()
    {
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_manager_hears_what_is_told(bool isAbstract)
    {
        var name = (isAbstract ? "@" : "") + Path.Combine(_folder, "notify");
        _manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + name[1..] : name));
        using var socket = NotifySocket.Of(Variables(("NOTIFY_SOCKET", name)), 1);
        Assert.NotNull(socket);
        Assert.Null(socket.Watchdog);
        socket.Tell("READY=1\nSTATUS=ü");
        var buffer = new byte[100];
        Assert.Equal("READY=1\nSTATUS=ü"u8, buffer.AsSpan(0, _manager.Receive(buffer)));
        _manager.Close();
        socket.Tell("STOPPING=1");
    }

    [Theory]
    [InlineData("2000000", null, 2.0)]
    [InlineData("2000000", "17", 2.0)]
    [InlineData("2000000", "", 2.0)]
    [InlineData("2000000", "18", null)]
    [InlineData("0", "17", null)]
    [InlineData("-1", "17", null)]
    [InlineData("soon", "17", null)]
    [InlineData("99999999999999999999", "17", null)]
    [InlineData(null, "17", null)]
    public void The_watchdog_is_of_this_process_alone(string? microseconds, string? process, double? seconds)
    {
        using var socket = NotifySocket.Of(Variables(("NOTIFY_SOCKET", "/run/x"), ("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", process)), 17);
        Assert.Equal(seconds, socket!.Watchdog?.TotalSeconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_nobody_is_told(string? name) => Assert.Null(NotifySocket.Of(Variables(("NOTIFY_SOCKET", name)), 1));

    [Fact]
    public void A_name_that_is_too_long_is_none() => Assert.Null(NotifySocket.Of(Variables(("NOTIFY_SOCKET", "/" + new string('x', 200))), 1));

    private static Func<string, string?> Variables(params (string Name, string? Value)[] all) => name => all.FirstOrDefault(one => one.Name == name).Value;
}
