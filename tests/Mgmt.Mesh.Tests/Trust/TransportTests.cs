using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

/// <summary>Raft's port.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task Only_voters_of_this_mesh_come_in()
    {
        await using var mesh = await TrustMesh.StartAsync();
        await using var other = await TrustMesh.StartAsync();
        var (now, day) = (DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        (X509Certificate2 Certificate, bool IsWelcome)[] callers =
        [
            (mesh.Forge("b", Role.Voter, day, now), true),
            (mesh.Forge("b", Role.Agent, day, now), false),
            (mesh.Forge("b", Role.Operator, day, now), false),
            (mesh.Forge("b", Role.Voter, TimeSpan.FromHours(1), now.AddHours(-2)), false),
            (other.Forge("b", Role.Voter, day, now), false),
        ];
        foreach (var (certificate, isWelcome) in callers)
        {
            using var pair = await Pair.MakeAsync();
            var calling = CallAsync(pair.Client, certificate);
            var answer = await Record.ExceptionAsync(async () => await new TlsTransport(mesh.First.Tls).AuthenticateAsServerAsync(pair.Server, CancellationToken.None));
            await pair.Server.DisposeAsync();
            await Record.ExceptionAsync(() => calling);
            Assert.True(isWelcome == (answer is null), $"{certificate.Subject} {certificate.NotAfter}: {answer}");
            if (!isWelcome) Assert.IsAssignableFrom<AuthenticationException>(answer);
            certificate.Dispose();
        }

        using var plain = await Pair.MakeAsync();
        await plain.Client.WriteAsync("plain text, more than TLS needs to see that it is none\r\n\r\n"u8.ToArray());
        await Assert.ThrowsAnyAsync<Exception>(async () => await new TlsTransport(mesh.First.Tls).AuthenticateAsServerAsync(plain.Server, CancellationToken.None));
    }

    [Fact]
    public async Task A_connection_of_a_revoked_voter_is_cut_and_not_made_again()
    {
        await using var mesh = await TrustMesh.StartAsync();
        (await mesh.LetInAsync("b", "voter")).Dispose();
        using var theirs = MeshTls.Load(mesh.PrefixOf("b"));
        using var pair = await Pair.MakeAsync();
        var (server, client) = (new TlsTransport(mesh.First.Tls), new TlsTransport(theirs));
        var answering = server.AuthenticateAsServerAsync(pair.Server, CancellationToken.None).AsTask();
        await using var stream = await client.AuthenticateAsClientAsync(pair.Client, 1, new("127.0.0.1", 1), CancellationToken.None);
        await using var accepted = (await answering).Stream;
        await stream.WriteAsync(new byte[] { 1 });
        await stream.FlushAsync();
        Assert.Equal(1, await accepted.ReadAsync(new byte[1]));

        var reading = Record.ExceptionAsync(async () => Assert.Equal(0, await accepted.ReadAsync(new byte[1])));
        Assert.Null((await mesh.First.Desk.RevokeAsync("b", CancellationToken.None)).Failure);
        await reading.WaitAsync(TimeSpan.FromSeconds(20));
        using var next = await Pair.MakeAsync();
        var calling = CallAsync(next.Client, theirs.Certificate);
        await Assert.ThrowsAnyAsync<AuthenticationException>(async () => await server.AuthenticateAsServerAsync(next.Server, CancellationToken.None));
        await next.Server.DisposeAsync();
        await Record.ExceptionAsync(() => calling);

        // Nor is a revoked host called.
        using var back = await Pair.MakeAsync();
        var serving = client.AuthenticateAsServerAsync(back.Server, CancellationToken.None).AsTask();
        await Assert.ThrowsAnyAsync<AuthenticationException>(async () => await server.AuthenticateAsClientAsync(back.Client, 1, new("127.0.0.1", 1), CancellationToken.None));
        await Record.ExceptionAsync(() => serving);
    }

    private static async Task CallAsync(Stream stream, X509Certificate2 certificate)
    {
        var secure = new System.Net.Security.SslStream(stream);
        await secure.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate], RemoteCertificateValidationCallback = static (_, _, _, _) => true });
        await secure.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
    }

    private sealed record Pair(Stream Client, Stream Server) : IDisposable
    {
        public static async Task<Pair> MakeAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndpoint);
            return new(new NetworkStream(client, ownsSocket: true), new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true));
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
