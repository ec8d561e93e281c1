using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Trust;
using Mgmt.Mesh.Voters;

namespace Mgmt.Mesh.Tests.Trust;

/// <summary>A store that hosts serve with certificates: the first one has the authority's key, others come in by tokens.</summary>
internal sealed class TrustMesh : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-trust-").FullName;
    private readonly List<TrustHost> _hosts = [];

    private TrustMesh(TrustOptions options) => Options = options;

    public TrustOptions Options { get; }

    public SoloNode Solo { get; } = SoloNode.Start();

    public TrustHost First => _hosts[0];

    /// <summary>All that any host said.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    public static async Task<TrustMesh> StartAsync(TrustOptions? options = null)
    {
        var mesh = new TrustMesh(options ?? new());
        Assert.Equal("", new MeshInit(mesh.PrefixOf("a"), mesh.Options, TimeProvider.System).Run(new("a", HostNames.Of())).Problem);
        await mesh.ServeAsync("a");
        await Eventually.HoldsAsync(() => mesh.Keys(TrustKeys.Issuers).Count == 1, () => "no issuer is known");
        return mesh;
    }

    public string PrefixOf(string host) => Path.Combine(_folder, host);

    /// <summary>Serves the store from a host that has a certificate.</summary>
    public async Task<TrustHost> ServeAsync(string host)
    {
        var one = await TrustHost.StartAsync(this, host);
        _hosts.Add(one);
        return one;
    }

    public async Task<JoinToken> TokenAsync(string role = "voter", string host = "", TimeSpan? life = null)
    {
        var (token, failure) = await First.Desk.MakeTokenAsync(role, host, life ?? TimeSpan.FromHours(1), CancellationToken.None);
        Assert.Null(failure);
        return token!;
    }

    public Task<EnrollmentResult> EnrollAsync(string host, JoinToken token, TrustHost? by = null, string? prefix = null, IReadOnlyList<string>? names = null, TimeSpan? patience = null) =>
        new Enrollment(new(prefix ?? PrefixOf(host), [(by ?? First).Address], token, host, names ?? HostNames.Of()) { Patience = patience ?? TimeSpan.FromSeconds(20) }, TimeProvider.System).RunAsync(CancellationToken.None);

    /// <summary>Lets a host in, which serves nothing.</summary>
    public async Task<X509Certificate2> LetInAsync(string host, string role)
    {
        Assert.IsType<EnrollmentResult.Enrolled>(await EnrollAsync(host, await TokenAsync(role)));
        return Read(host);
    }

    public X509Certificate2 Read(string host)
    {
        var folder = new TlsFolder(PrefixOf(host));
        return X509Certificate2.CreateFromPemFile(folder.Certificate, folder.Key);
    }

    /// <summary>A certificate of this mesh's authority that nobody asked for.</summary>
    public X509Certificate2 Forge(string host, Role role, TimeSpan life, DateTimeOffset from, string? prefix = null)
    {
        using var authority = MeshAuthority.Load(new(prefix ?? PrefixOf("a")))!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = authority.Issue(new(new PublicKey(key), host, role, HostNames.Of(), life), from);
        return signed.CopyWithPrivateKey(key);
    }

    public IReadOnlyList<string> Keys(string prefix) =>
        Solo.Node.View.Read(new Store.Commands.Operation.Range(Store.KeyRange.Prefix(Store.Bytes.Of(prefix)))) is Store.Commands.Response.Range range ? [.. range.KeyValues.Select(static one => one.Key.ToString())] : [];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        await Solo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One host that serves the store.</summary>
internal sealed class TrustHost : IAsyncDisposable, IParticipantLog
{
    private readonly TrustMesh _mesh;
    private readonly CancellationTokenSource _ending = new();
    private TrustRun _trust = null!;
    private ApiServer _server = null!;
    private StoreClient _client = null!;
    private Task _running = Task.CompletedTask;

    private TrustHost(TrustMesh mesh, string name) => (_mesh, Name) = (mesh, name);

    public string Name { get; }

    public MeshTls Tls { get; private set; } = null!;

    public PeerAddress Address { get; private set; }

    public TrustDesk Desk { get; private set; } = null!;

    public ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>Answers those who want certificates.</summary>
    public ITrustTalk Talk => _trust.Talk;

    public static async Task<TrustHost> StartAsync(TrustMesh mesh, string name)
    {
        var host = new TrustHost(mesh, name);
        var prefix = mesh.PrefixOf(name);
        host.Tls = MeshTls.Load(prefix);
        host.Address = new("127.0.0.1", FreePort());
        host._trust = new(new(prefix, name, host.Address, HostNames.Of()), host.Tls, mesh.Options, TimeProvider.System, host);
        var options = new ApiOptions { SocketPath = Path.Combine(prefix, "agent.sock"), Endpoints = [new(IPAddress.Loopback, host.Address.Port)], Tls = host.Tls.Api };
        var start = await ApiServer.StartAsync(options, mesh.Solo.Node, null, null, host._trust.Talk, host, TimeProvider.System, CancellationToken.None);
        Assert.Equal("", start.Problem);
        host._server = start.Server!;
        host._client = StoreClient.Create(new([new Endpoint.Unix(options.SocketPath)], null, StoreAddress.UsualTimeout), TimeProvider.System, out _)!;
        host.Desk = new(host._client, TimeProvider.System);
        host._running = host._trust.RunAsync(() => mesh.Solo.Node.Member, host._ending.Token);
        return host;
    }

    public GrpcChannel Open(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return GrpcChannel.ForAddress($"https://{Address}", new() { HttpHandler = handler, DisposeHttpClient = true });
    }

    public void Warn(string sentence)
    {
        Warnings.Enqueue(sentence);
        Say(sentence);
    }

    public void Say(string sentence) => _mesh.Said.Enqueue(sentence);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        await _server.DisposeAsync();
        _trust.Dispose();
        Tls.Dispose();
        _ending.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
