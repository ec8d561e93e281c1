using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    /// <summary>Every vertex as it stands, by address.</summary>
    public RunnerStatus Describe(TimeSpan now, int queueLength) => new(
        _graph,
        _isConverged,
        queueLength,
        [.. _vertices.Values.OrderBy(vertex => vertex.Address).Select(vertex => StatusOf(vertex, now))]);

    private VertexStatus StatusOf(RunnerVertex vertex, TimeSpan now)
    {
        var (state, on) = StateOf(vertex);
        return new VertexStatus(vertex.Address, state, now - vertex.Since, on, vertex.LastError, vertex.WatchError);
    }

    private (VertexState State, IReadOnlyList<string> On) StateOf(RunnerVertex vertex)
    {
        if (vertex.IsRunning) return (VertexState.Running, []);
        if (vertex.Hold == Hold.Retry) return (VertexState.WaitingForRetry, []);
        if (vertex.Due == CheckReasons.None) return StateAtRest(vertex);
        if (_isStopping) return (VertexState.Stopped, []);
        if (vertex.FormerSelf is not null) return (VertexState.WaitingForFormerSelf, []);
        if (vertex.Unsettled > 0) return WaitOf(vertex);
        if (vertex.Hold == Hold.Limit) return (VertexState.WaitingForLimit, []);
        if (vertex.Hold == Hold.Semaphore) return (VertexState.WaitingForSemaphore, [vertex.HeldBy.Length == 0 ? "the limit on parallel checks" : vertex.HeldBy]);
        return (VertexState.OpeningWatch, IsFirstWatchOpening(vertex) || vertex.Watch == WatchState.Closed ? [] : OpeningBeside(vertex));
    }

    private static (VertexState State, IReadOnlyList<string> On) StateAtRest(RunnerVertex vertex) => vertex.Standing switch
    {
        Standing.Failed => (VertexState.Failed, []),
        Standing.Waiting => (VertexState.Waiting, [$"{vertex.WaitsFor?.Wrong}; {vertex.WaitsFor?.Done}"]),
        _ => (VertexState.InOrder, []),
    };

    private (VertexState State, IReadOnlyList<string> On) WaitOf(RunnerVertex vertex)
    {
        var failed = FailedAbove(vertex);
        if (failed.Count > 0) return (VertexState.Blocked, [.. failed.Select(address => address.ToString())]);
        return (VertexState.WaitingForPredecessors, [.. PredecessorsOf(vertex).Where(above => !above.IsSettled).Take(3).Select(above => above.ToString())]);
    }

    private string[] OpeningBeside(RunnerVertex vertex) => [.. vertex.Group.Members.Where(IsOpeningFirstWatch).Take(3).Select(member => member.ToString())];

    /// <summary>All that a vertex waits for.</summary>
    internal IEnumerable<RunnerVertex> PredecessorsOf(RunnerVertex vertex) =>
        _structure.Graph.Predecessors(vertex.Group.Vertex).ToArray().SelectMany(position => _groups[position].Members);
}
