using Grpc.Core;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>Refusals as gRPC has them. The store's codes are gRPC's numbers.</summary>
internal static class Failures
{
    public static RpcException PermissionDenied => Of(Grpc.Core.StatusCode.PermissionDenied, "etcdserver: permission denied");

    public static RpcException Revoked(string host) => Of(Grpc.Core.StatusCode.Unauthenticated, $"the certificate of {host} is revoked");

    public static RpcException InvalidSort => Of(Grpc.Core.StatusCode.InvalidArgument, "etcdserver: invalid sort option");

    public static RpcException InvalidCompare => Of(Grpc.Core.StatusCode.InvalidArgument, "etcdserver: invalid compare option");

    public static RpcException Of(StoreError error) => new(new((Grpc.Core.StatusCode)(int)error.Code, error.Message), error.Message);

    public static RpcException Of(Grpc.Core.StatusCode code, string message) => new(new(code, message), message);

    public static void ThrowIf(StoreError? error)
    {
        if (error is not null) throw Of(error);
    }

    /// <summary>The answer that was hoped for, unless it is a refusal.</summary>
    public static T Expect<T>(Response response)
        where T : Response => response as T ?? throw Unexpected(response);

    private static RpcException Unexpected(Response response) => response is Response.Failed failed
        ? Of(failed.Error)
        : Of(Grpc.Core.StatusCode.Internal, $"cannot answer with {response.GetType().Name}");
}
