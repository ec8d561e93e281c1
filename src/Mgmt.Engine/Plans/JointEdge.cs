namespace Mgmt.Engine.Plans;

/// <summary>An edge while vertices are grouped: it takes others that join it. Names are numbers, which sort as the names do.</summary>
internal sealed class JointEdge(int[] names, bool auto, bool notify)
{
    private int[] _names = names;
    private int _count = names.Length;
    private int _compactAt = 64;
    private bool _auto = auto;

    public bool Notify { get; private set; } = notify;

    public void Take(JointEdge other)
    {
        _auto &= other._auto;
        Notify |= other.Notify;
        if (_count + other._count > _names.Length) Array.Resize(ref _names, Math.Max(_count + other._count, _names.Length * 2));
        other._names.AsSpan(0, other._count).CopyTo(_names.AsSpan(_count));
        _count += other._count;
        if (_count < _compactAt) return;

        // The same name may come by several ways, and each of those by several more.
        Compact();
        _compactAt = Math.Max(64, _count * 2);
    }

    public PlanEdge ToPlan(int from, int to, string[] names)
    {
        Compact();
        return new PlanEdge(from, to, Array.ConvertAll(_names[.._count], number => names[number]), _auto, Notify);
    }

    private void Compact()
    {
        var sorted = _names.AsSpan(0, _count);
        sorted.Sort();
        var kept = 0;
        foreach (var name in sorted)
        {
            if (kept == 0 || sorted[kept - 1] != name) sorted[kept++] = name;
        }

        _count = kept;
    }
}
