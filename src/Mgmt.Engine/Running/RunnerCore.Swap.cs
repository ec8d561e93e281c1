using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Running;

internal sealed partial class RunnerCore
{
    private RunnerVertex[] _inPlanOrder = [];
    private RunnerGroup[] _groups = [];
    private PlanStructure _structure = PlanStructure.Empty;

    /// <summary>Takes the new plan by difference: what did not change keeps its watch, its state and its running check.</summary>
    private void Swap(Plan plan)
    {
        _graph = plan.Graph;
        _hasPlan = true;
        _activity++;
        var (added, changed, removed) = ReferenceEquals(plan.Structure, _structure) ? ExchangeInPlace(plan.Resources) : Exchange(plan);
        _semaphores.Resize(_inPlanOrder);

        // Those that are due may have lost what they waited for, and none else has anything to start.
        foreach (var vertex in _inPlanOrder)
        {
            if (vertex.Due != CheckReasons.None) _ready.Enqueue(vertex);
        }

        Tell(new SwapReport(plan.Graph, added, changed, removed, _inPlanOrder.Length - added - changed));
        WakeSemaphoreWaiters();
    }

    /// <summary>The addresses, the groups and the edges are those of the plan before: an heir stands where its former self did.</summary>
    private (int Added, int Changed, int Removed) ExchangeInPlace(IReadOnlyList<ResourceSpec> resources)
    {
        var changed = 0;
        for (var i = 0; i < _inPlanOrder.Length; i++)
        {
            var former = _inPlanOrder[i];
            if (former.Spec.Equals(resources[i])) continue;
            Retire(former);
            var heir = Add(resources[i]);
            (heir.Position, heir.Group) = (i, former.Group);
            former.Group.Replace(former, heir);
            _vertices[heir.Address] = _inPlanOrder[i] = heir;
            changed++;
        }

        return (0, changed, 0);
    }

    private (int Added, int Changed, int Removed) Exchange(Plan plan)
    {
        var next = new RunnerVertex[plan.Resources.Count];
        var (atStart, atEnd) = KeepEnds(plan.Resources, next);
        var counts = ExchangeMiddle(plan.Resources, next, atStart, atEnd);
        _inPlanOrder = next;
        Connect(plan.Structure);
        return counts;
    }

    /// <summary>
    /// Keeps what is equal at the start and at the end of both plans, and answers how many those are. Most exchanges change a few neighbours; all others are kept here, without being
    /// looked up.
    /// </summary>
    private (int AtStart, int AtEnd) KeepEnds(IReadOnlyList<ResourceSpec> resources, RunnerVertex[] next)
    {
        var most = Math.Min(_inPlanOrder.Length, next.Length);
        var atStart = 0;
        while (atStart < most && _inPlanOrder[atStart].Spec.Equals(resources[atStart]))
        {
            next[atStart] = _inPlanOrder[atStart];
            atStart++;
        }

        var atEnd = 0;
        while (atEnd < most - atStart && _inPlanOrder[^(atEnd + 1)].Spec.Equals(resources[resources.Count - atEnd - 1]))
        {
            next[^(atEnd + 1)] = _inPlanOrder[^(atEnd + 1)];
            atEnd++;
        }

        return (atStart, atEnd);
    }

    private (int Added, int Changed, int Removed) ExchangeMiddle(IReadOnlyList<ResourceSpec> resources, RunnerVertex[] next, int atStart, int atEnd)
    {
        var (added, changed, removed) = (0, 0, 0);
        for (var i = atStart; i < next.Length - atEnd; i++)
        {
            var spec = resources[i];
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
        Touch(vertex);
        vertex.Position = RunnerVertex.Nowhere;
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
    private void Connect(PlanStructure structure)
    {
        _structure = structure;
        _groups = new RunnerGroup[structure.Vertices];
        foreach (var group in structure.Groups) MakeGroup(structure.VertexOf(group[0]), [.. group.Select(member => _inPlanOrder[member])]);
        for (var i = 0; i < _inPlanOrder.Length; i++)
        {
            _inPlanOrder[i].Position = i;
            var vertex = structure.VertexOf(i);
            if (_groups[vertex] is null) MakeGroup(vertex, [_inPlanOrder[i]]);
        }

        foreach (var group in _groups)
        {
            if (group.UnsettledMembers == 0) continue;
            foreach (var successor in structure.Graph.Successors(group.Vertex)) _groups[successor].Unsettled++;
        }
    }

    private void MakeGroup(int vertex, RunnerVertex[] members)
    {
        var group = _groups[vertex] = new RunnerGroup(vertex, members);
        foreach (var member in members)
        {
            member.Group = group;
            if (!member.CountedSettled) group.UnsettledMembers++;
        }
    }
}
