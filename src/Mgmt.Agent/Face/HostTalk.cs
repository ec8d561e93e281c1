using Mgmt.Engine.Running;
using Mgmt.Linux.Files;
using Mgmt.Linux.Memory;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;
using Mgmt.Resources.Luks;

namespace Mgmt.Agent.Face;

/// <summary>Tells those who run this host how its graph is.</summary>
/// <param name="host">This host's name.</param>
/// <param name="convergence">Whether it is converged.</param>
/// <param name="disks">Unlocks and locks the encrypted ones.</param>
/// <param name="isAlone">Whether it has no store and no mesh.</param>
internal sealed class HostTalk(string host, Convergence convergence, LuksDesk disks, bool isAlone) : IHostTalk
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
        var response = new DescribeResponse { Host = host, Version = AgentRun.Version, Converged = present.Converged, SinceUnixMilliseconds = present.Since.ToUnixTimeMilliseconds(), Alone = isAlone };
        if (_graph is not { } graph) return response;
        var status = await graph().WaitAsync(cancel);
        (response.Graph, response.Converged, response.Collection) = (status.Graph, status.Converged, _collection());
        response.States.AddRange(status.Vertices.GroupBy(static one => one.State).OrderBy(static one => one.Key).Select(static one => new StateCount { State = StateOf(one.Key), Count = (uint)one.Count() }));
        response.Resources.AddRange(status.Vertices.OrderBy(static one => IsWell(one)).ThenBy(static one => one.Address).Take((int)Math.Min(request.MostResources, MostResources)).Select(Of));
        return response;
    }

    /// <inheritdoc/>
    public async Task<KeyResponse> UnlockAsync(UnlockRequest request, CancellationToken cancel)
    {
        try
        {
            if (request.Key.Length > LuksDesk.LongestKey) return new() { Outcome = KeyOutcome.Failed, Message = $"cannot use a passphrase of more than {LuksDesk.LongestKey} bytes" };
            if (request.Key.IsEmpty) return Of(await disks.UnlockAsync(request.Name, null, cancel));
            using var key = new LockedBytes(LuksDesk.LongestKey);
            key.TryAppend(request.Key.Span);
            KeyBytes.Wipe(request.Key);
            return Of(await disks.UnlockAsync(request.Name, key, cancel));
        }
        catch (FileException error)
        {
            return new() { Outcome = KeyOutcome.Failed, Message = error.Message };
        }
        finally
        {
            KeyBytes.Wipe(request.Key);
        }
    }

    /// <inheritdoc/>
    public async Task<KeyResponse> LockAsync(LockRequest request, CancellationToken cancel) => Of(await disks.LockAsync(request.Name, cancel));

    private static KeyResponse Of(LuksAnswer answer) => new() { Outcome = (KeyOutcome)((int)answer.Outcome + 1), Message = answer.Message };

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
