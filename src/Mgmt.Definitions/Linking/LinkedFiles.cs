using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>
/// Files that were put together without a mistake, and the definition that they are. Most new versions change what a few resources hold, not who is called what: then
/// nothing that concerns several places can have become wrong, and nothing of it is checked again.
/// </summary>
internal sealed record LinkedFiles(IReadOnlyList<ParsedFile> Files, Definition Definition)
{
    /// <summary>The same with new versions of some files; null when they have to be put together anew.</summary>
    public LinkedFiles? Exchange(ParsedFile[] next)
    {
        if (next.Length != Files.Count) return null;
        for (var i = 0; i < next.Length; i++)
        {
            if (!ReferenceEquals(next[i], Files[i]) && !AreAlike(Files[i], next[i])) return null;
        }

        return new LinkedFiles(next, Definition with
        {
            Resources = Specs(next, isExported: false, Definition.Resources.Count),
            Exports = Specs(next, isExported: true, Definition.Exports.Count),
            Edges = Edges(next),
            Collects = [.. next.SelectMany(file => file.Content.Collects)],
        });
    }

    private static bool AreAlike(ParsedFile last, ParsedFile next) =>
        next.IsReadable && next.Mistakes == 0 && next.GivesGraph == last.GivesGraph && next.Graph?.Text == last.Graph?.Text
        && AreAlike(last.Content.Resources, next.Content.Resources, AreAlike)
        && AreAlike(last.Content.Edges, next.Content.Edges, AreAlike)
        && AreAlike(last.Content.Semaphores, next.Content.Semaphores, static (one, other) => one.Semaphore == other.Semaphore);

    private static bool AreAlike<T>(List<T> last, List<T> next, Func<T, T, bool> areAlike)
    {
        if (last.Count != next.Count) return false;
        for (var i = 0; i < next.Count; i++)
        {
            if (!areAlike(last[i], next[i])) return false;
        }

        return true;
    }

    private static bool AreAlike(Declaration last, Declaration next) =>
        ReferenceEquals(last.Spec, next.Spec)
        || (next.Spec is not null && last.Address == next.Address && last.IsExported == next.IsExported && last.Claim == next.Claim);

    private static bool AreAlike(Connection last, Connection next) =>
        ReferenceEquals(last.Spec, next.Spec) || last.Spec with { Place = next.Spec.Place } == next.Spec;

    private static ResourceSpec[] Specs(ParsedFile[] files, bool isExported, int count)
    {
        var specs = new ResourceSpec[count];
        var at = 0;
        foreach (var file in files)
        {
            foreach (var declaration in file.Content.Resources)
            {
                if (declaration.IsExported == isExported) specs[at++] = declaration.Spec!;
            }
        }

        return specs;
    }

    // The same list where no edge moved: who compares by it need not look at each.
    private IReadOnlyList<EdgeSpec> Edges(ParsedFile[] files)
    {
        var edges = new EdgeSpec[Definition.Edges.Count];
        var (at, areSame) = (0, true);
        foreach (var file in files)
        {
            foreach (var edge in file.Content.Edges)
            {
                areSame &= edge.Spec == Definition.Edges[at];
                edges[at++] = edge.Spec;
            }
        }

        return areSame ? Definition.Edges : edges;
    }
}
