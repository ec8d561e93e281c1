using Mgmt.Agent;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>What every vertex is doing, as a table: those that do or want something first.</summary>
internal static class StatusView
{
    // A screenful of what is well, and of the rest more than anybody reads.
    private const int MostInOrder = 50;
    private const int MostOthers = 1000;

    /// <summary>The graph as a whole, and the queues.</summary>
    public static string Heading(StatusReport report)
    {
        var status = report.Status;
        var queues = string.Join(", ", report.Queues.Prepend(("runner", status.QueueLength)).Select(queue => $"{queue.Item1} {queue.Item2}"));
        return $"status of graph {status.Graph}: {(status.Converged ? "converged" : "not converged")}, {status.Vertices.Count} resources; queued: {queues}";
    }

    /// <summary>The table, line by line.</summary>
    public static IReadOnlyList<string> Table(RunnerStatus status)
    {
        var (inOrder, others) = (status.Vertices.Where(IsInOrder).ToList(), status.Vertices.Where(vertex => !IsInOrder(vertex)).OrderBy(Rank).ThenBy(vertex => vertex.Address).ToList());
        var rows = others.Take(MostOthers).Concat(inOrder.Take(MostInOrder)).Select(Row).ToList();
        var stateWidth = rows.Select(row => row.State.Length).DefaultIfEmpty().Max();
        var timeWidth = rows.Select(row => row.For.Length).DefaultIfEmpty().Max();
        var lines = rows.ConvertAll(row => $"{row.State.PadRight(stateWidth)}  {row.For.PadLeft(timeWidth)}  {row.What}");
        if (others.Count > MostOthers) lines.Add($"and {others.Count - MostOthers} more that are not in order");
        if (inOrder.Count > MostInOrder) lines.Add($"and {inOrder.Count - MostInOrder} more in order");
        return lines;
    }

    /// <summary>A state in words.</summary>
    public static string Words(VertexState state) => state switch
    {
        VertexState.InOrder => "in order",
        VertexState.Running => "running",
        VertexState.OpeningWatch => "opening watch",
        VertexState.WaitingForPredecessors => "waiting for predecessors",
        VertexState.Blocked => "blocked",
        VertexState.WaitingForRetry => "waiting for retry",
        VertexState.WaitingForLimit => "waiting for limit",
        VertexState.WaitingForSemaphore => "waiting for semaphore",
        VertexState.WaitingForFormerSelf => "waiting for former self",
        VertexState.Failed => "failed",
        VertexState.Waiting => "waiting",
        _ => "stopped",
    };

    // In order with a lost watch is not well: nobody sees when it drifts.
    private static bool IsInOrder(VertexStatus vertex) => vertex.State == VertexState.InOrder && vertex.WatchError.Length == 0;

    private static int Rank(VertexStatus vertex) => vertex.State switch
    {
        VertexState.Running => 0,
        VertexState.OpeningWatch => 1,
        VertexState.WaitingForRetry or VertexState.WaitingForLimit or VertexState.WaitingForSemaphore or VertexState.WaitingForFormerSelf => 2,
        VertexState.Failed => 3,
        VertexState.Waiting => 4,
        VertexState.WaitingForPredecessors => 5,
        VertexState.Blocked => 6,
        _ => 7,
    };

    private static (string State, string For, string What) Row(VertexStatus vertex)
    {
        var what = vertex.Address.ToString();
        if (vertex.State == VertexState.Waiting) what += $": {string.Join("; ", vertex.On)}";
        else if (vertex.On.Count > 0) what += $" on {string.Join(", ", vertex.On)}";
        if (vertex.LastError.Length > 0) what += $"; last error: {vertex.LastError}";
        if (vertex.WatchError.Length > 0) what += $"; watch lost: {vertex.WatchError}";
        return (Words(vertex.State), Durations.Say(vertex.For), what);
    }
}
