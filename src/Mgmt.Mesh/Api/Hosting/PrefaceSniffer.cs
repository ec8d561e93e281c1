using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Tells HTTP/2 from HTTP/1.1 on a connection without TLS, by its first bytes: etcd's clients speak the one without asking, curl and Prometheus the other.
/// Kestrel chooses by what TLS has negotiated, so that is where it finds the answer.
/// </summary>
internal sealed class PrefaceSniffer(ConnectionDelegate next, TimeSpan patience, TimeProvider time)
{
    public async Task ServeAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(patience, time);
        try
        {
            if (await IsHttp2Async(connection.Transport.Input, limit.Token)) Mark(connection);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // A client that says nothing in time, or went away.
            return;
        }

        await next(connection);
    }

    // No method of HTTP/1.1 begins as the preface does, "PRI * HTTP/2.0": its first three bytes tell.
    private static async ValueTask<bool> IsHttp2Async(PipeReader input, CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var (isKnown, isHttp2) = Look(read.Buffer);
            input.AdvanceTo(read.Buffer.Start, isKnown ? read.Buffer.Start : read.Buffer.End);
            if (isKnown || read.IsCompleted) return isHttp2;
        }
    }

    private static (bool IsKnown, bool IsHttp2) Look(ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[3];
        var length = (int)Math.Min(buffer.Length, start.Length);
        buffer.Slice(0, length).CopyTo(start);
        var isAlike = "PRI"u8.StartsWith(start[..length]);
        return (!isAlike || length == start.Length, isAlike && length == start.Length);
    }

    private static void Mark(ConnectionContext connection)
    {
        var negotiated = new PriorKnowledge();
        connection.Features.Set<ITlsConnectionFeature>(negotiated);
        connection.Features.Set<ITlsApplicationProtocolFeature>(negotiated);
        AuthorityReader.Join(connection);
    }

    // There is no TLS, and no certificate: who the caller is was settled before.
    private sealed class PriorKnowledge : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        private static readonly byte[] Http2 = [.. "h2"u8];

        public ReadOnlyMemory<byte> ApplicationProtocol => Http2;

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
