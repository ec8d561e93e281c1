using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Log;
using Microsoft.AspNetCore.Connections;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>Connects to members: address, security, preamble, all within one short time.</summary>
internal sealed class Dialer(RaftOptions options, IPeerDirectory peers, ITransportSecurity security, TimeProvider time) : IConnectionFactory
{
    private readonly News _news = new(time);

    /// <exception cref="IOException">The member cannot be reached, or will not talk.</exception>
    public async ValueTask<Stream> ConnectAsync(ulong member, Purpose purpose, CancellationToken cancel)
    {
        if (!peers.TryFind(member, out var address)) throw new IOException($"cannot connect to member {member:x}: the directory does not know its address");
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, both.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            stream = await security.AuthenticateAsClientAsync(stream, member, address, both.Token);
            await GreetAsync(stream, member, purpose, address, both.Token);
            return stream;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            if (e is OperationCanceledException) throw new IOException($"cannot connect to member {member:x} at {address} within {options.ConnectTimeout.TotalMilliseconds} ms", e);
            var sentence = $"cannot connect to member {member:x} at {address}: {e.Message}";
            if (e is AuthenticationException or RefusedException && _news.Is(sentence)) options.Notice?.Invoke(sentence);
            throw new IOException(sentence, e);
        }
    }

    async ValueTask<ConnectionContext> IConnectionFactory.ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(MemberName.IdOf(endpoint), Purpose.Raft, cancellationToken);
        return new RaftConnection(new StallGuard(stream, StallLimits.For(options), time), endpoint);
    }

    private async ValueTask GreetAsync(Stream stream, ulong member, Purpose purpose, PeerAddress address, CancellationToken cancel)
    {
        await stream.WriteAsync(new Preamble(Preamble.Current, purpose, options.Cluster, options.Member, member).ToBytes(), cancel);
        await stream.FlushAsync(cancel);
        var greeting = Preamble.ReadAnswer(await ReadAnswerAsync(stream, cancel));
        if (greeting != Greeting.Welcome) throw new RefusedException($"it refused: {greeting}");
    }

    // With TLS it looks at the certificate only after this end believes to be connected.
    private static async ValueTask<byte[]> ReadAnswerAsync(Stream stream, CancellationToken cancel)
    {
        var answer = new byte[Preamble.AnswerSize];
        try
        {
            await stream.ReadExactlyAsync(answer, cancel);
            return answer;
        }
        catch (IOException e)
        {
            throw new RefusedException("it ended the connection instead of an answer; if it goes on, its log says whether it refuses this host's certificate", e);
        }
    }

    private sealed class RefusedException(string message, Exception? cause = null) : IOException(message, cause);
}
