using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    private RunnerVertex[] _inPlanOrder = [];

    /// <summary>Takes the new plan by difference: what did not change keeps its watch, its state and its running check.</summary>
    private void Swap(Plan plan)
    {
        _graph = plan.Graph;
        _hasPlan = true;
        _activity++;
        var next = new RunnerVertex[plan.Vertices.Count];
        var (atStart, atEnd) = KeepEnds(plan.Vertices, next);
        var (added, changed, removed) = ExchangeMiddle(plan.Vertices, next, atStart, atEnd);
        _inPlanOrder = next;
        _semaphores.Resize(next);
        Connect(next, plan.Edges);
        Tell(new SwapReport(plan.Graph, added, changed, removed, next.Length - added - changed));
        WakeSemaphoreWaiters();
    }

    /// <summary>
    /// Keeps what is equal at the start and at the end of both plans, and answers how many those are. Most exchanges change a few neighbours; all others are kept here, without being
    /// looked up.
    /// </summary>
    private (int AtStart, int AtEnd) KeepEnds(IReadOnlyList<PlanVertex> vertices, RunnerVertex[] next)
    {
        var most = Math.Min(_inPlanOrder.Length, next.Length);
        var atStart = 0;
        while (atStart < most && _inPlanOrder[atStart].Spec.Equals(SpecOf(vertices[atStart])))
        {
            next[atStart] = _inPlanOrder[atStart];
            atStart++;
        }

        var atEnd = 0;
        while (atEnd < most - atStart && _inPlanOrder[^(atEnd + 1)].Spec.Equals(SpecOf(vertices[vertices.Count - atEnd - 1])))
        {
            next[^(atEnd + 1)] = _inPlanOrder[^(atEnd + 1)];
            atEnd++;
        }

        return (atStart, atEnd);
    }

    private (int Added, int Changed, int Removed) ExchangeMiddle(IReadOnlyList<PlanVertex> vertices, RunnerVertex[] next, int atStart, int atEnd)
    {
        var (added, changed, removed) = (0, 0, 0);
        for (var i = atStart; i < next.Length - atEnd; i++)
        {
            var spec = SpecOf(vertices[i]);
            var isKnown = _vertices.Remove(spec.Address, out var present);
            if (isKnown && present!.Spec.Equals(spec))
            {
                next[i] = present;
                continue;
            }

            if (isKnown) Retire(present!);
            next[i] = Add(spec);
            if (isKnown) changed++;
            else added++;
        }

        foreach (var vertex in _inPlanOrder.AsSpan(atStart, _inPlanOrder.Length - atStart - atEnd))
        {
            if (!_vertices.Remove(vertex.Address)) continue;
            Retire(vertex);
            removed++;
        }

        foreach (var vertex in next.AsSpan(atStart, next.Length - atStart - atEnd)) _vertices.Add(vertex.Address, vertex);
        return (added, changed, removed);
    }

    private static ResourceSpec SpecOf(PlanVertex vertex) => vertex.Members[0];

    private RunnerVertex Add(ResourceSpec spec)
    {
        var vertex = new RunnerVertex(spec) { Due = CheckReasons.Definition, Since = _now };
        if (_formerSelves.TryGetValue(spec.Address, out var former)) vertex.FormerSelf = former;
        return vertex;
    }

    private void Retire(RunnerVertex vertex)
    {
        vertex.IsRetired = true;
        if (vertex.IsRunning) _formerSelves[vertex.Address] = vertex;
        if (vertex.Watch is WatchState.Open or WatchState.Lost) _commands.Add(new RunnerCommand.CloseWatch(vertex));
        vertex.Successors.Clear();
        Touch(vertex);
    }

    private void LetSuccessorOfRetiredGo(RunnerVertex retired)
    {
        if (!_formerSelves.TryGetValue(retired.Address, out var former) || former != retired) return;
        _formerSelves.Remove(retired.Address);
        if (!_vertices.TryGetValue(retired.Address, out var heir)) return;
        heir.FormerSelf = null;
        _ready.Enqueue(heir);
    }

    private void Connect(RunnerVertex[] vertices, IReadOnlyList<PlanEdge> edges)
    {
        foreach (var vertex in vertices)
        {
            vertex.Predecessors.Clear();
            vertex.Successors.Clear();
            vertex.Unsettled = 0;
        }

        foreach (var edge in edges)
        {
            var (from, to) = (vertices[edge.From], vertices[edge.To]);
            from.Successors.Add((to, edge.Notify));
            to.Predecessors.Add(from);
            if (!from.CountedSettled) to.Unsettled++;
        }

        // Those that are due may have lost what they waited for, and none else has anything to start.
        foreach (var vertex in vertices)
        {
            if (vertex.Due != CheckReasons.None) _ready.Enqueue(vertex);
        }
    }
}
