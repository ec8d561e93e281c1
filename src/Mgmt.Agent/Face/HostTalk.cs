using Mgmt.Engine.Running;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Wire;

namespace Mgmt.Agent.Face;

/// <summary>Tells those who run this host how its graph is.</summary>
/// <param name="host">This host's name.</param>
/// <param name="convergence">Whether it is converged.</param>
internal sealed class HostTalk(string host, Convergence convergence) : IHostTalk
{
    private const uint MostResources = 10_000;

    private volatile Func<Task<RunnerStatus>>? _graph;
    private volatile Func<Collection?> _collection = static () => null;

    /// <summary>From now on there is a graph.</summary>
    public void Open(Func<Task<RunnerStatus>> graph, Func<Collection?> collection) => (_collection, _graph) = (collection, graph);

    /// <summary>There is none any more.</summary>
    public void Close() => _graph = null;

    /// <inheritdoc/>
    public async Task<DescribeResponse> DescribeAsync(DescribeRequest request, CancellationToken cancel)
    {
        var present = convergence.Present;
        var response = new DescribeResponse { Host = host, Version = AgentRun.Version, Converged = present.Converged, SinceUnixMilliseconds = present.Since.ToUnixTimeMilliseconds() };
        if (_graph is not { } graph) return response;
        var status = await graph().WaitAsync(cancel);
        (response.Graph, response.Converged, response.Collection) = (status.Graph, status.Converged, _collection());
        response.States.AddRange(status.Vertices.GroupBy(static one => one.State).OrderBy(static one => one.Key).Select(static one => new StateCount { State = StateOf(one.Key), Count = (uint)one.Count() }));
        response.Resources.AddRange(status.Vertices.OrderBy(static one => IsWell(one)).ThenBy(static one => one.Address).Take((int)Math.Min(request.MostResources, MostResources)).Select(Of));
        return response;
    }

    private static bool IsWell(VertexStatus one) => one.State == VertexState.InOrder && one.WatchError.Length == 0;

    private static ResourceState StateOf(VertexState state) => (ResourceState)((int)state + 1);

    private static ResourceStatus Of(VertexStatus one) => new()
    {
        Kind = one.Address.Kind,
        Name = one.Address.Name,
        State = StateOf(one.State),
        Seconds = one.For.TotalSeconds,
        On = { one.On },
        LastError = one.LastError,
        WatchError = one.WatchError,
    };
}
