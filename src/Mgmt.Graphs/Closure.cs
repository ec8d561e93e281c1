using System.Numerics;
using System.Runtime.InteropServices;

namespace Mgmt.Graphs;

/// <summary>
/// Which of some chosen vertices of a graph without cycles reach which others, while more and more of them become one. The chosen ones count from 0, in the order given.
/// </summary>
public sealed class Closure
{
    private const int Bits = 64;

    private readonly int[] _chosen;
    private readonly int _words;
    private readonly ulong[] _after;
    private readonly ulong[] _before;
    private readonly ulong[] _joined;
    private readonly ulong[] _afterAll;
    private readonly ulong[] _beforeAll;
    private int _joining = -1;

    /// <summary>Looks at all ways once: the time is edges times chosen vertices / 64.</summary>
    /// <param name="graph">Has no cycle.</param>
    /// <param name="chosen">Vertices of it, each once.</param>
    public Closure(Digraph graph, IReadOnlyList<int> chosen)
    {
        _chosen = [.. chosen];
        _words = (chosen.Count + Bits - 1) / Bits;
        (_joined, _afterAll, _beforeAll) = (NoneOf(), NoneOf(), NoneOf());
        var order = graph.AnyOrder() ?? throw new ArgumentException("the graph has a cycle", nameof(graph));
        var places = new int[graph.Count];
        Array.Fill(places, -1);
        for (var i = 0; i < _chosen.Length; i++) places[_chosen[i]] = i;
        _before = Collect(graph, order, places, isForward: false);
        Array.Reverse(order);
        _after = Collect(graph, order, places, isForward: true);
    }

    /// <summary>The memory that one takes, in bytes.</summary>
    public static long SizeOf(int vertices, int chosen) => 2L * vertices * ((chosen + Bits - 1) / Bits) * sizeof(ulong);

    /// <summary>A set of chosen vertices, all of them left out.</summary>
    public ulong[] NoneOf() => new ulong[_words];

    /// <summary>Adds a chosen vertex to a set.</summary>
    public static void Include(Span<ulong> set, int chosen) => set[chosen / Bits] |= 1UL << (chosen % Bits);

    /// <summary>Takes a chosen vertex out of a set.</summary>
    public static void Exclude(Span<ulong> set, int chosen) => set[chosen / Bits] &= ~(1UL << (chosen % Bits));

    /// <summary>The first of the candidates, counting from a number on, that neither reaches a chosen vertex nor is reached by it; -1 when there is none.</summary>
    public int NextApart(int chosen, ReadOnlySpan<ulong> candidates, int from)
    {
        var after = Row(_after, chosen);
        var before = Row(_before, chosen);
        var mask = ulong.MaxValue << (from % Bits);
        for (var word = from / Bits; word < _words; word++, mask = ulong.MaxValue)
        {
            var apart = candidates[word] & ~after[word] & ~before[word] & mask;
            if (apart != 0) return (word * Bits) + BitOperations.TrailingZeroCount(apart);
        }

        return -1;
    }

    /// <summary>
    /// Makes another part of a chosen vertex that is apart from it; from then on only the whole is to be asked about. The others learn of it when all parts are joined:
    /// <see cref="Publish"/>.
    /// </summary>
    public void Join(int chosen, int other)
    {
        if (_joining != chosen)
        {
            _joining = chosen;
            Row(_after, chosen).CopyTo(_afterAll);
            Row(_before, chosen).CopyTo(_beforeAll);
        }

        And(_afterAll, Row(_after, other));
        And(_beforeAll, Row(_before, other));
        Or(Row(_after, chosen), Row(_after, other));
        Or(Row(_before, chosen), Row(_before, other));
        Include(_joined, other);
    }

    /// <summary>Carries on to all others what <see cref="Join"/> changed: who reached a part reaches all that any part reaches. Who reached every part knows that already.</summary>
    public void Publish(int chosen)
    {
        var after = Row(_after, chosen);
        var before = Row(_before, chosen);
        foreach (var above in Others(before, _beforeAll))
        {
            Or(Row(_after, above), after);
            Include(Row(_after, above), chosen);
        }

        foreach (var below in Others(after, _afterAll))
        {
            Or(Row(_before, below), before);
            Include(Row(_before, below), chosen);
        }
    }

    private List<int> Others(ReadOnlySpan<ulong> some, ReadOnlySpan<ulong> all)
    {
        var others = new List<int>();
        for (var word = 0; word < _words; word++)
        {
            for (var left = some[word] & ~all[word] & ~_joined[word]; left != 0; left &= left - 1) others.Add((word * Bits) + BitOperations.TrailingZeroCount(left));
        }

        return others;
    }

    // Every vertex has a row, chosen or not: ways lead through all of them.
    private ulong[] Collect(Digraph graph, int[] order, int[] places, bool isForward)
    {
        var rows = new ulong[(long)order.Length * _words];
        foreach (var vertex in order)
        {
            var row = rows.AsSpan(vertex * _words, _words);
            foreach (var next in isForward ? graph.Successors(vertex) : graph.Predecessors(vertex))
            {
                Or(row, rows.AsSpan(next * _words, _words));
                if (places[next] >= 0) Include(row, places[next]);
            }
        }

        return rows;
    }

    private Span<ulong> Row(ulong[] rows, int chosen) => rows.AsSpan(_chosen[chosen] * _words, _words);

    private static void Or(Span<ulong> into, ReadOnlySpan<ulong> from)
    {
        var wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(into);
        var wideFrom = MemoryMarshal.Cast<ulong, Vector<ulong>>(from);
        for (var i = 0; i < wide.Length; i++) wide[i] |= wideFrom[i];
        for (var i = wide.Length * Vector<ulong>.Count; i < into.Length; i++) into[i] |= from[i];
    }

    private static void And(Span<ulong> into, ReadOnlySpan<ulong> from)
    {
        for (var i = 0; i < into.Length; i++) into[i] &= from[i];
    }
}
