using System.Net;
using System.Net.Sockets;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Tests.SideBySide;

namespace Mgmt.Mesh.Tests.Api;

public sealed class ListeningTests
{
    [Fact]
    public async Task The_unix_socket_is_the_owners_alone_and_goes_with_the_server()
    {
        var server = await TestServer.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.SocketPath));
        await server.ConnectToSocket().PutAsync("k", "v");
        Assert.Equal(["v"], await server.Connect().GetAsync("k"));
        await server.Server.DisposeAsync();
        Assert.False(File.Exists(server.SocketPath));
        await server.DisposeAsync();
    }

    [EtcdFact]
    public async Task Etcdctl_finds_the_unix_socket_by_its_path()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (command, said) in ((string, string)[])[("put k v", "OK\n"), ("get k", "k\nv\n"), ("lock l echo held", "held\n")])
            Assert.Equal($"exit 0\n{said}", (await Etcdctl.RunAsync($"unix://{server.SocketPath}", command)).ToString());
    }

    [Fact]
    public async Task What_a_dead_server_left_is_taken_over_and_a_living_ones_is_not()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Contains("another server answers there", await ProblemAsync(server, new() { SocketPath = server.SocketPath }), StringComparison.Ordinal);
        Assert.Equal([], await server.ConnectToSocket().GetAsync("k"));

        // A socket that nobody listens on any more: its file is moved away before its owner can remove it.
        var stale = server.SocketPath + ".stale";
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(stale + ".first"));
            File.Move(stale + ".first", stale);
        }

        Assert.True(File.Exists(stale));
        var start = await ApiServer.StartAsync(new() { SocketPath = stale }, server.Solo.Node, null, null, null, server, TimeProvider.System, default);
        Assert.Equal("", start.Problem);
        using var http = new HttpClient(TestServer.Handler(stale));
        Assert.Equal("""{"health":"true"}""", await http.GetStringAsync(new Uri("http://localhost/health")));
        await start.Server!.DisposeAsync();
    }

    [Fact]
    public async Task What_is_no_socket_is_left_alone()
    {
        await using var server = await TestServer.StartAsync();
        var path = server.SocketPath + ".file";
        await File.WriteAllTextAsync(path, "precious");
        Assert.Contains("a regular file is there", await ProblemAsync(server, new() { SocketPath = path }), StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(path));
        Assert.Contains("at most 107 bytes", await ProblemAsync(server, new() { SocketPath = server.SocketPath + new string('x', 100) }), StringComparison.Ordinal);
        Assert.Contains("not absolute", await ProblemAsync(server, new() { SocketPath = "agent.sock" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TLS_only_loopback_is_served()
    {
        await using var server = await TestServer.StartAsync(options => options with { Endpoints = [new(IPAddress.Loopback, 0), new(IPAddress.IPv6Loopback, 0)] });
        Assert.Contains("without TLS", await ProblemAsync(server, new() { Endpoints = [new(IPAddress.Any, 0)] }), StringComparison.Ordinal);
        Assert.Contains("without TLS", await ProblemAsync(server, new() { Endpoints = [new(IPAddress.IPv6Any, 0)] }), StringComparison.Ordinal);
        Assert.Contains($"cannot listen on {server.Tcp}", await ProblemAsync(server, new() { Endpoints = [server.Tcp] }), StringComparison.Ordinal);
        Assert.Contains("neither", await ProblemAsync(server, new()), StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Equal("""{"health":"true"}""", await http.GetStringAsync(new Uri($"http://{server.Server.Endpoints[1]}/health")));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Pages_are_served_by_both_versions_of_HTTP_on_the_port_of_gRPC(string version)
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal("""{"health":"true"}""", await http.GetStringAsync(new Uri(server.Url + "/health")));
        Assert.Contains("etcd_server_has_leader 1\n", await http.GetStringAsync(new Uri(server.Url + "/metrics")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(server.Url + "/other"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync(new Uri(server.Url + "/health"), null)).StatusCode);
    }

    [Fact]
    public async Task Health_follows_the_leader_and_the_alarms()
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient();
        await server.Connect().Maintenance.AlarmAsync(new() { Action = Wire.AlarmRequest.Types.AlarmAction.Activate, MemberID = 1, Alarm = Wire.AlarmType.Nospace });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(server.Url + "/health"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(server.Url + "/health?exclude=NOSPACE"))).StatusCode);
        server.Solo.Consensus.ChangeLeader(0);
        Assert.Equal("{\"health\":\"false\"}\n", await (await http.GetAsync(new Uri(server.Url + "/health?exclude=NOSPACE"))).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI * HTT")]
    [InlineData("PRI nonsense that is long enough to be a preface, and more\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    public async Task Half_a_request_harms_nobody(string start)
    {
        await using var server = await TestServer.StartAsync();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(server.Tcp);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(start));
            Assert.Equal(2, await server.Connect().PutAsync("k", "v"));
        }

        Assert.Equal(["v"], await server.Connect().GetAsync("k"));
    }

    private static async Task<string> ProblemAsync(TestServer server, ApiOptions options)
    {
        var start = await ApiServer.StartAsync(options, server.Solo.Node, null, null, null, server, TimeProvider.System, default);
        Assert.Null(start.Server);
        return start.Problem;
    }
}
