using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    /// <summary>Takes the new plan by difference: what did not change keeps its watch, its state and its running check.</summary>
    private void Swap(Plan plan)
    {
        _graph = plan.Graph;
        _hasPlan = true;
        _activity++;
        var next = new RunnerVertex[plan.Vertices.Count];
        var (added, changed) = (0, 0);
        for (var i = 0; i < next.Length; i++)
        {
            var spec = plan.Vertices[i].Members.Single();
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

        var removed = _vertices.Count;
        foreach (var vertex in _vertices.Values) Retire(vertex);
        _vertices.Clear();
        foreach (var vertex in next) _vertices.Add(vertex.Address, vertex);
        _semaphores.Resize(next.Select(vertex => vertex.Spec));
        Connect(next, plan.Edges);
        Tell(new SwapReport(plan.Graph, added, changed, removed, next.Length - added - changed));
        WakeSemaphoreWaiters();
    }

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

        foreach (var vertex in vertices)
        {
            Touch(vertex);
            _ready.Enqueue(vertex);
        }
    }
}
