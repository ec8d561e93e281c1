using Mgmt.Engine;
using Mgmt.Graphs;

namespace Mgmt.Definitions;

/// <summary>Joins edges to the resources that they name, and looks for cycles.</summary>
internal sealed class EdgeLinker(Dictionary<Address, int> indexes, Dictionary<Address, Place> exported, HashSet<string> collected, bool isWhole)
{
    private const int NamedMembers = 50;

    private readonly List<EdgeSpec> _specs = [];
    private readonly List<Joint> _joints = [];
    private readonly Nearest _nearest = new(Limits.Comparisons);

    /// <summary>The edges without mistakes, in the order added.</summary>
    public IReadOnlyList<EdgeSpec> Specs => _specs;

    /// <summary>Adds an edge, or reports that an end is not there.</summary>
    public void Add(Connection edge, Problems problems)
    {
        var spec = edge.Spec;
        var bothThere = IsThere(spec, spec.From, edge.From, problems, out var from) & IsThere(spec, spec.To, edge.To, problems, out var to);
        if (!bothThere) return;
        if (from == to)
        {
            problems.Add(edge.To, $"cannot lead {Named(spec)} from {Short(spec.From)} to itself", "name another resource");
            return;
        }

        _specs.Add(spec);
        _joints.Add(new Joint(from, to, spec, problems));
    }

    /// <summary>Reports cycles that share no edge, up to a number.</summary>
    public void ReportCycles()
    {
        var left = _joints;
        for (var i = 0; i < Limits.Cycles; i++)
        {
            var graph = new Digraph(indexes.Count, left.Select(joint => (joint.From, joint.To)));
            if (graph.FindCycle() is not { } members) return;
            var steps = new HashSet<(int, int)>();
            for (var m = 0; m < members.Length; m++) steps.Add((members[m], members[(m + 1) % members.Length]));
            var first = left.First(joint => steps.Contains((joint.From, joint.To)));
            ReportCycle(members, first);
            left = left.FindAll(joint => !steps.Contains((joint.From, joint.To)));
        }
    }

    private void ReportCycle(int[] members, Joint first)
    {
        var addresses = new Dictionary<int, Address>();
        foreach (var joint in _joints)
        {
            addresses[joint.From] = joint.Spec.From;
            addresses[joint.To] = joint.Spec.To;
        }

        var start = Array.IndexOf(members, first.From);
        var names = new List<string>();
        for (var m = 0; m < members.Length && m < NamedMembers; m++) names.Add(Short(addresses[members[(start + m) % members.Length]]));
        if (members.Length > NamedMembers) names.Add($"… {members.Length - NamedMembers} more …");
        names.Add(names[0]);
        first.Problems.Add(first.Spec.Place, $"cannot order a cycle: {string.Join(" -> ", names)}", $"remove one of its {members.Length} edges");
    }

    private bool IsThere(EdgeSpec edge, Address end, Place at, Problems problems, out int index)
    {
        if (indexes.TryGetValue(end, out index)) return true;
        if (!problems.Wants(at.Line, at.Column)) problems.Omit();
        else if (exported.ContainsKey(end)) problems.Add(at, $"cannot end {Named(edge)} at {Short(end)}: it is exported (@@) and does not run here", "name a resource of this host");
        else if (isWhole) problems.Add(at, $"cannot end {Named(edge)} at {Short(end)}: there is no such resource", Advice(end));
        return false;
    }

    private string Advice(Address end)
    {
        var sameKind = indexes.Keys.Where(address => address.Kind == end.Kind).Select(address => address.Name);
        if (_nearest.Of(end.Name, sameKind) is { } near) return $"did you mean {Short(new Address(end.Kind, near))}?";
        if (collected.Contains(end.Kind)) return "what is collected comes and goes, and edges to it are found automatically; name a resource of this file, or remove the edge";
        var sameName = indexes.Keys.FirstOrDefault(address => address.Name == end.Name);
        return sameName.Kind is null ? "declare it under resources, or remove the edge" : $"did you mean {Short(sameName)}?";
    }

    private static string Named(EdgeSpec edge) => $"edge {Wording.Cut(edge.Name)}";

    private static string Short(Address address) => new Owner(address.Kind, address.Name, IsResource: true).ToString();

    private readonly record struct Joint(int From, int To, EdgeSpec Spec, Problems Problems);
}
