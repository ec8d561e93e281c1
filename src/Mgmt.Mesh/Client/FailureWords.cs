using System.Globalization;
using System.Net.Sockets;
using Grpc.Core;

namespace Mgmt.Mesh.Client;

/// <summary>What a failed call means, and what a person can do about it.</summary>
internal static class FailureWords
{
    private const string NoLeader = "etcdserver: no leader";
    private const string Learner = "etcdserver: rpc not supported for learner";
    private const string AsWho = "do it on a host that votes, or with an operator's certificate (--endpoints, --cacert, --cert and --key)";
    private const string Compacted = "etcdserver: mvcc: required revision has been compacted";

    // Texts of etcd's are its contract: clients tell errors apart by them.
    private static readonly Dictionary<string, string> Advice = new(StringComparer.Ordinal)
    {
        ["etcdserver: key is not provided"] = "name a key",
        ["etcdserver: key not found"] = "put the key with a value first",
        ["etcdserver: value is provided"] = "leave the value out, or the wish to keep the present one",
        ["etcdserver: lease is provided"] = "leave the lease out, or the wish to keep the present one",
        ["etcdserver: too many operations in txn request"] = "split it: 128 operations are the most",
        ["etcdserver: duplicate key given in txn request"] = "write each key once in a branch",
        [Compacted] = "ask for a later revision",
        ["etcdserver: mvcc: required revision is a future revision"] = "ask for a revision that exists",
        ["etcdserver: mvcc: database space exceeded"] = "delete keys and forget their history (mgmt store compact), or raise the quota (mgmt run --store-quota); then mgmt store alarm disarm",
        ["etcdserver: too many requests"] = "try again with fewer at a time",
        ["etcdserver: request is too large"] = "split it: 1.5 MiB is the most",
        ["etcdserver: requested lease not found"] = "name a lease that exists; this one may have expired",
        ["etcdserver: member not found"] = "see mgmt member list",
        [NoLeader] = "wait until a majority of the voters runs, or name other members with --endpoints",
        [Learner] = "name a voter with --endpoints (see mgmt member list)",
        ["etcdserver: leader changed"] = "look whether it was done, and try again",
        ["etcdserver: request timed out"] = "look whether it was done, and try again",
        ["etcdserver: server stopped"] = "look whether it was done, and try again at another member",
        ["etcdserver: corrupt cluster"] = "look at mgmt store scrub on each member",
        ["this host keeps no store now"] = "do it on one that does (see mgmt member list)",
        ["etcdserver: permission denied"] = AsWho,
    };

    public static StoreFailure Of(RpcException error, Endpoint endpoint, TimeSpan timeout)
    {
        if (Find<ConnectFailure>(error) is { } unreached) return new(FailureKind.Unreachable, unreached.Reason, unreached.Advice);
        var text = error.Status.Detail;
        return error.StatusCode switch
        {
            StatusCode.Unavailable when text is NoLeader or Learner => new(FailureKind.NotDone, text, Advice[text]),
            StatusCode.OutOfRange when text == Compacted => new(FailureKind.Compacted, text, Advice[text]),
            StatusCode.DeadlineExceeded when !text.StartsWith("etcdserver", StringComparison.Ordinal) => Silent(endpoint, timeout),
            _ when Advice.TryGetValue(text, out var advice) => new(IsOpen(error.StatusCode) ? FailureKind.Unknown : FailureKind.Refused, text, advice),
            StatusCode.Unauthenticated => new(FailureKind.Refused, text, "have it let in anew: mgmt mesh token there, and mgmt run --token on the host"),
            StatusCode.PermissionDenied => new(FailureKind.Refused, text, AsWho),
            StatusCode.Unimplemented => new(FailureKind.Refused, $"{endpoint} does not know this request ({text})", "name a member that runs this version"),
            var code when IsOpen(code) => Broken(endpoint, error),
            _ => new(FailureKind.Refused, text, "correct the request"),
        };
    }

    private static StoreFailure Silent(Endpoint endpoint, TimeSpan timeout) => new(
        FailureKind.Unknown,
        string.Create(CultureInfo.InvariantCulture, $"{endpoint} did not answer within {timeout.TotalSeconds} s"),
        "see that a majority of the voters runs, or allow more time with --timeout");

    private static StoreFailure Broken(Endpoint endpoint, RpcException error)
    {
        var cause = Find<SocketException>(error)?.Message ?? Innermost(error);
        return new(FailureKind.Unknown, $"the connection to {endpoint} broke ({cause.TrimEnd('.')})", "see that a member's API answers there, with TLS or without as you ask");
    }

    // After these it is not known whether the request was or will be done.
    private static bool IsOpen(StatusCode code) => code is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted or StatusCode.DeadlineExceeded or StatusCode.Cancelled;

    private static string Innermost(RpcException error)
    {
        Exception? cause = error.Status.DebugException;
        while (cause?.InnerException is { } inner) cause = inner;
        return cause?.Message ?? error.Status.Detail;
    }

    private static T? Find<T>(RpcException error)
        where T : Exception
    {
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found) return found;
        }

        return null;
    }
}
