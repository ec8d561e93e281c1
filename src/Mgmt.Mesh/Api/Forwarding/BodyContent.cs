using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>A caller's body as the body of the call that carries it on: what comes goes on at once.</summary>
/// <param name="request">Whose body it is.</param>
/// <param name="whole">All of it, when it was read already.</param>
internal sealed class BodyContent(HttpRequest request, byte[]? whole) : HttpContent
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>Whether anything of it was given away.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Copies all there is, each piece as it comes.</summary>
    public static async Task CopyAsync(Stream source, Stream target, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
                await target.FlushAsync(cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        IsBegun = true;

        if (whole is not null)
        {
            await stream.WriteAsync(whole, cancellationToken);
            return;
        }

        // The headers go before the first piece: a watch may be answered before it asks for more.
        await stream.FlushAsync(cancellationToken);
        await CopyAsync(request.Body, stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
