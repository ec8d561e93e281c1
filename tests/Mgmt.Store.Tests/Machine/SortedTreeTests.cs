using System.Buffers.Binary;
using CsCheck;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Machine;

public sealed class SortedTreeTests
{
    [Fact]
    public void It_is_a_sorted_dictionary_and_every_version_stays() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var space = random.Next(1, 3000);
            var expected = new SortedDictionary<Bytes, string>();
            var tree = SortedTree<string>.Empty;
            var versions = new List<(SortedTree<string> Tree, string[] Values)>();
            for (var round = 0; round < 12; round++)
            {
                var editor = tree.Edit();
                var removes = random.Next(2) == 0 ? 1 : 8;
                for (var i = random.Next(600); i > 0; i--) Change(editor, expected, Key(random.Next(space)), $"{round}.{i}", random.Next(10) >= removes);
                tree = editor.ToTree();
                versions.Add((tree, [.. expected.Values]));
                Compare(tree, expected, random, space);
            }

            Assert.All(versions, version => Assert.Equal(version.Values, version.Tree.Range(KeyRange.All)));
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void Keys_in_order_fill_its_nodes_and_emptying_it_leaves_nothing()
    {
        var editor = SortedTree<string>.Empty.Edit();
        for (var i = 0; i < 20_000; i++) editor.Set(Key(i), "x");
        Assert.Equal((20_000, 12_345), (editor.Peek().Count, editor.Peek().Rank(Key(12_345))));
        for (var i = 0; i < 20_000; i++) Assert.Equal("x", editor.Remove(Key(i * 7919 % 20_000)));
        Assert.Null(editor.ToTree().Root);
    }

    private static void Change(SortedTree<string>.Editor editor, SortedDictionary<Bytes, string> expected, Bytes key, string value, bool set)
    {
        Assert.Equal(expected.GetValueOrDefault(key), set ? editor.Set(key, value) : editor.Remove(key));
        if (set) expected[key] = value;
        else expected.Remove(key);
    }

    private static void Compare(SortedTree<string> tree, SortedDictionary<Bytes, string> expected, Random random, int space)
    {
        Assert.Equal(expected.Count, tree.Count);
        Assert.Equal(expected.Keys, tree.RangeKeys(KeyRange.All));
        for (var i = 0; i < 10; i++)
        {
            var range = new KeyRange(Key(random.Next(space)), random.Next(4) switch { 0 => default, 1 => Bytes.Own([0]), _ => Key(random.Next(space)) });
            var within = expected.Where(one => range.Contains(one.Key)).Select(one => one.Value).ToList();
            Assert.Equal(within, tree.Range(range));
            Assert.Equal(within.Count, tree.CountOf(range));
        }
    }

    private static Bytes Key(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return Bytes.Own(bytes);
    }
}
