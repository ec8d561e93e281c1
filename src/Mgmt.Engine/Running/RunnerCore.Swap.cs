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
        var next = new List<RunnerVertex>(plan.Vertices.Count);
        var (added, changed) = (0, 0);
        foreach (var spec in plan.Vertices.SelectMany(vertex => vertex.Members))
        {
            var isKnown = _vertices.Remove(spec.Address, out var present);
            if (isKnown && present!.Spec.Equals(spec))
            {
                next.Add(present);
                continue;
            }

            if (isKnown) Retire(present!);
            next.Add(Add(spec));
            if (isKnown) changed++;
            else added++;
        }

        var removed = _vertices.Count;
        foreach (var vertex in _vertices.Values) Retire(vertex);
        _vertices.Clear();
        foreach (var vertex in next) _vertices.Add(vertex.Address, vertex);
        _semaphores.Resize(next.Select(vertex => vertex.Spec));
        Connect(next, plan);
        Tell(new SwapReport(plan.Graph, added, changed, removed, next.Count - added - changed));
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
        vertex.Concerned.Clear();
        vertex.Group = new RunnerGroup();
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

    /// <summary>Ties the vertices anew. Who is grouped with whom touches no vertex's own state, so regrouping alone makes nothing due.</summary>
    private void Connect(List<RunnerVertex> vertices, Plan plan)
    {
        foreach (var vertex in vertices) vertex.Concerned.Clear();
        var groups = plan.Vertices.Select(GroupOf).ToArray();
        foreach (var edge in plan.Edges)
        {
            var (from, to) = (groups[edge.From], groups[edge.To]);
            from.Successors.Add(to);
            to.Predecessors.Add(from);
            if (from.UnsettledMembers > 0) to.Unsettled++;
        }

        foreach (var link in plan.Links) _vertices[link.From].Concerned.Add((_vertices[link.To], link.Notify));
        foreach (var vertex in vertices)
        {
            Touch(vertex);
            _ready.Enqueue(vertex);
        }
    }

    private RunnerGroup GroupOf(PlanVertex vertex)
    {
        var group = new RunnerGroup();
        foreach (var spec in vertex.Members)
        {
            var member = _vertices[spec.Address];
            member.Group = group;
            group.Members.Add(member);
            if (!member.CountedSettled) group.UnsettledMembers++;
        }

        return group;
    }
}
