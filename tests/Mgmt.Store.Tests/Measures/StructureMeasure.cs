using System.Collections.Immutable;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Measures;

/// <summary>The tree beside what the framework has, with a new version after every write where there are versions.</summary>
internal static class StructureMeasure
{
    public static void Run()
    {
        var keys = Enumerable.Range(0, Measure.Keys).Select(i => Measure.Key((int)((long)i * 7919 % Measure.Keys))).ToArray();
        Measure.Time("structure: our tree, insert with a version each", keys.Length, () => Tree(keys), 3);
        Measure.Time("structure: our tree, insert in one edit", keys.Length, () =>
        {
            var editor = SortedTree<string>.Empty.Edit();
            foreach (var key in keys) editor.Set(key, "");
        }, 3);
        Measure.Time("structure: ImmutableSortedDictionary, insert with a version each", keys.Length, () => Immutable(keys), 3);
        Measure.Time("structure: SortedDictionary, insert", keys.Length, () => Mutable(keys), 3);
        var (tree, immutable, mutable) = (Measure.Memory("structure: our tree, memory", () => Tree(keys)), Measure.Memory("structure: ImmutableSortedDictionary, memory", () => Immutable(keys)), Measure.Memory("structure: SortedDictionary, memory", () => Mutable(keys)));
        Measure.Time("structure: our tree, find", keys.Length, () => Array.ForEach(keys, key => tree.Find(key)), 3);
        Measure.Time("structure: ImmutableSortedDictionary, find", keys.Length, () => Array.ForEach(keys, key => immutable.TryGetValue(key, out _)), 3);
        Measure.Time("structure: SortedDictionary, find", keys.Length, () => Array.ForEach(keys, key => mutable.TryGetValue(key, out _)), 3);
    }

    private static SortedTree<string> Tree(Bytes[] keys)
    {
        var tree = SortedTree<string>.Empty;
        foreach (var key in keys)
        {
            var editor = tree.Edit();
            editor.Set(key, "");
            tree = editor.ToTree();
        }

        return tree;
    }

    private static ImmutableSortedDictionary<Bytes, string> Immutable(Bytes[] keys)
    {
        var tree = ImmutableSortedDictionary<Bytes, string>.Empty;
        foreach (var key in keys) tree = tree.SetItem(key, "");
        return tree;
    }

    private static SortedDictionary<Bytes, string> Mutable(Bytes[] keys)
    {
        var tree = new SortedDictionary<Bytes, string>();
        foreach (var key in keys) tree[key] = "";
        return tree;
    }
}
