using System.Net.Http;
using System.Net.Sockets;
using Grpc.Core;

namespace Mgmt.Robustness.Voters;

/// <summary>What an error says about a request that would write.</summary>
internal static class Refusal
{
    // What etcd answers before it proposes anything, or after it has applied that nothing is to be done.
    private static readonly string[] SureTexts =
    [
        "etcdserver: no leader", "etcdserver: too many requests", "etcdserver: mvcc: database space exceeded", "etcdserver: request is too large", "etcdserver: not capable", "etcdserver: corrupt cluster",
    ];

    /// <summary>
    /// Whether the request was certainly not done and never will be: it never left, because there was no connection, or the server said so. Everything else is
    /// unknown: a deadline, a connection that broke, a leader that changed, a server that stopped, a proposal that timed out.
    /// </summary>
    public static bool IsSure(RpcException error) => error.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.Unimplemented => true,
        StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DataLoss => SureTexts.Contains(error.Status.Detail) || IsNoConnection(error.Status.DebugException),
        _ => false,
    };

    private static bool IsNoConnection(Exception? cause) => cause switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => true,
        _ => false,
    };
}
