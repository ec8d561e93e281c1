using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Tests.SideBySide;

namespace Mgmt.Mesh.Tests.Api;

public sealed class TlsTests : IDisposable
{
    private readonly Certificates _ours = new("ours");
    private readonly Certificates _foreign = new("foreign");

    [Fact]
    public async Task A_certificates_role_decides_what_its_holder_may()
    {
        await using var server = await StartAsync();
        using var agent = Open(server, _ours.Client("agent"));
        using var host = Open(server, _ours.Client("operator"));
        using var nobody = Open(server, _ours.Client("nobody"));
        Assert.Equal(2, await new RawClient(agent).PutAsync("mgmt/agents/agent", "v"));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new RawClient(agent).Kv.CompactAsync(new() { Revision = 2 }));
        Assert.Equal((StatusCode.PermissionDenied, "etcdserver: permission denied"), (refused.StatusCode, refused.Status.Detail));
        await new RawClient(host).Kv.CompactAsync(new() { Revision = 2 });
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => new RawClient(nobody).GetAsync("k"))).StatusCode);
        using var watch = new RawClient(nobody).Watch();
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(watch.NextAsync)).StatusCode);
    }

    [Fact]
    public async Task Who_has_no_certificate_of_our_authority_gets_nothing()
    {
        await using var server = await StartAsync();
        foreach (var certificate in (X509Certificate2?[])[null, _foreign.Client("operator"), _ours.Issue("operator", Certificates.ServerUse)])
        {
            using var channel = Open(server, certificate);
            var refused = await Assert.ThrowsAsync<RpcException>(() => new RawClient(channel).GetAsync("k"));
            Assert.Equal(certificate is null, refused.StatusCode == StatusCode.PermissionDenied);
        }

        using var plain = GrpcChannel.ForAddress(server.Url);
        await Assert.ThrowsAsync<RpcException>(() => new RawClient(plain).GetAsync("k"));
        Assert.Equal([], await server.ConnectToSocket().GetAsync("k"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Pages_need_a_certificate_too(string version)
    {
        await using var server = await StartAsync();
        foreach (var (name, code) in ((string, int)[])[("agent", 200), ("nobody", 403)])
        {
            using var http = new HttpClient(Handler(_ours.Client(name))) { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            Assert.Equal(code, (int)(await http.GetAsync(new Uri($"https://{server.Tcp}/health"))).StatusCode);
        }
    }

    [EtcdFact]
    public async Task Etcdctl_comes_in_with_its_certificate()
    {
        await using var server = await StartAsync();
        var folder = Path.GetDirectoryName(server.SocketPath)!;
        var client = _ours.Client("operator");
        await File.WriteAllTextAsync(Path.Combine(folder, "ca"), _ours.Authority.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "cert"), client.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var told = await Etcdctl.RunAsync(server.Tcp.Port, $"--cacert {folder}/ca --cert {folder}/cert --key {folder}/key put k v");
        Assert.Equal("exit 0\nOK\n", told.ToString());

        // Here it names the member's whole URL as the host.
        var self = new Store.Member(server.Solo.Node.Member, "self", [], [$"https://{server.Tcp}"], false);
        await server.Solo.Node.ExecuteAsync(new Store.Commands.Command.MemberSet(self), default);
        Assert.Equal(0, (await Etcdctl.RunAsync(server.Tcp.Port, $"--cacert {folder}/ca --cert {folder}/cert --key {folder}/key endpoint status --cluster")).Exit);
        Assert.Equal(1, (await Etcdctl.RunAsync(server.Tcp.Port, $"--cacert {folder}/ca --command-timeout 1s get k")).Exit);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _foreign.Dispose();
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(options => options with { Tls = new(_ours.Server(), [_ours.Authority], RoleOf) });

    private static Role RoleOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, false) switch
    {
        "agent" => Role.Agent,
        "operator" => Role.Operator,
        _ => Role.None,
    };

    private static GrpcChannel Open(TestServer server, X509Certificate2? certificate) =>
        GrpcChannel.ForAddress($"https://{server.Tcp}", new() { HttpHandler = Handler(certificate), DisposeHttpClient = true });

    private static SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }
}
