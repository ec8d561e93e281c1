namespace Mgmt.Engine.Plans;

/// <summary>An edge while vertices are grouped: it takes others that join it. Names are numbers, which sort as the names do.</summary>
internal sealed class JointEdge(IEnumerable<int> names, bool auto, bool notify)
{
    private List<int> _names = [.. names];
    private int _compactAt = 64;
    private bool _auto = auto;

    public bool Notify { get; private set; } = notify;

    public void Take(JointEdge other)
    {
        _names.AddRange(other._names);
        _auto &= other._auto;
        Notify |= other.Notify;
        if (_names.Count < _compactAt) return;

        // The same name may come by several ways, and each of those by several more.
        _names = [.. _names.Distinct()];
        _compactAt = Math.Max(64, _names.Count * 2);
    }

    public PlanEdge ToPlan(int from, int to, string[] names) => new(from, to, [.. _names.Distinct().Order().Select(number => names[number])], _auto, Notify);
}
