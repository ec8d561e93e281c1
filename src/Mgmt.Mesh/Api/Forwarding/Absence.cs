using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>
/// Tells other hosts that this one keeps no store, as it did when they chose to ask it. Nothing was done of what they asked, so they may ask another.
/// </summary>
internal sealed class Absence(IStoreNode node)
{
    private const string Header = "mgmt-keeps-store", No = "no";
    private static readonly string[] Services = ["/etcdserverpb.KV/", "/etcdserverpb.Watch/", "/etcdserverpb.Lease/", "/etcdserverpb.Cluster/"];

    /// <summary>Whether an answer says it.</summary>
    public static bool IsIn(HttpResponseMessage response) => response.Headers.TryGetValues(Header, out var said) && said.Contains(No);

    /// <summary>Whether a call is one that only who keeps the store can answer.</summary>
    public static bool IsOfStore(HttpContext context) => Services.Any(one => context.Request.Path.Value?.StartsWith(one, StringComparison.Ordinal) == true);

    /// <summary>Whether it is to be told to whoever asks this.</summary>
    public bool Takes(HttpContext context) => node.Voters.Count == 0 && context.Features.Get<Caller>() is { Role: >= Role.Agent, Host.Length: > 0 } && IsOfStore(context);

    public static Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers[Header] = No;
        GrpcFailure.Answer(context, Grpc.Core.StatusCode.Unavailable, StoreError.NoLeader.Message);
        return Task.CompletedTask;
    }
}
