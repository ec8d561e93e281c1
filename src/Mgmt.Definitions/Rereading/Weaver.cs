using System.Runtime.InteropServices;
using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>Puts what was read of an abridged text together with what the last load knows of the lines that were left out. All is in the order of lines.</summary>
internal static class Weaver
{
    /// <summary>What the whole text declares.</summary>
    public static FileContent Weave(FileContent read, FileContent last, IReadOnlyList<Run> runs) => new()
    {
        Resources = Weave(read.Resources, last.Resources, runs, static one => one.Place.Line, Move),
        Edges = Weave(read.Edges, last.Edges, runs, static one => one.Spec.Place.Line, Move),
        Collects = Weave(read.Collects, last.Collects, runs, static one => one.Place.Line, static (one, by) => one with { Place = Move(one.Place, by) }),
        Semaphores = Weave(read.Semaphores, last.Semaphores, runs, static one => one.Place.Line, static (one, by) => one with { Place = Move(one.Place, by) }),
    };

    private static List<T> Weave<T>(List<T> read, List<T> last, IReadOnlyList<Run> runs, Func<T, int> lineOf, Func<T, int, T> move)
    {
        if (last.Count == 0) return read;
        var whole = new List<T>(read.Count + last.Count);
        var next = 0;
        foreach (var run in runs)
        {
            while (next < read.Count && lineOf(read[next]) < run.Line) whole.Add(read[next++]);
            var by = run.Line - run.LastLine;
            var known = CollectionsMarshal.AsSpan(last)[IndexOf(run.LastLine, last, lineOf)..IndexOf(run.EndLine - by, last, lineOf)];
            if (by == 0) whole.AddRange(known);
            else foreach (var one in known) whole.Add(move(one, by));
        }

        whole.AddRange(CollectionsMarshal.AsSpan(read)[next..]);
        return whole;
    }

    // The first that is not before the line.
    private static int IndexOf<T>(int line, List<T> sorted, Func<T, int> lineOf)
    {
        var (from, to) = (0, sorted.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (lineOf(sorted[middle]) < line) from = middle + 1;
            else to = middle;
        }

        return from;
    }

    // The values stay the same objects, so that comparing them costs nothing.
    private static Declaration Move(Declaration one, int by)
    {
        var place = Move(one.Place, by);
        return one with { Place = place, Spec = one.Spec! with { Place = place } };
    }

    private static Connection Move(Connection one, int by) =>
        new(one.Spec with { Place = Move(one.Spec.Place, by) }, Move(one.From, by), Move(one.To, by));

    private static Place Move(Place place, int by) => place with { Line = place.Line + by };
}
