using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>Fails a call as gRPC does it, where no service of ours has it in hand.</summary>
internal static class GrpcFailure
{
    public const string ContentType = "application/grpc";

    /// <summary>In the headers when nothing was said yet, and else at the end.</summary>
    public static void Answer(HttpContext context, StatusCode code, string message)
    {
        var (number, text) = (((int)code).ToString(CultureInfo.InvariantCulture), Uri.EscapeDataString(message));
        if (context.Response.HasStarted)
        {
            context.Response.AppendTrailer("grpc-status", number);
            context.Response.AppendTrailer("grpc-message", text);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-status"] = number;
        context.Response.Headers["grpc-message"] = text;
    }
}
