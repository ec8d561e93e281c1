namespace Mgmt.Store.Machine;

/// <summary>
/// An immutable B-tree from keys to values. An <see cref="Editor"/> makes the next version by copying the few nodes that it touches; all older versions stay
/// as they were, at no cost but theirs. Each part knows its size, so that a range is counted without walking it.
/// </summary>
internal sealed class SortedTree<T>
    where T : class
{
    private readonly TreeNode<T>? _root;

    internal SortedTree(TreeNode<T>? root) => _root = root;

    public static SortedTree<T> Empty { get; } = new(null);

    internal TreeNode<T>? Root => _root;

    public int Count => _root?.Size ?? 0;

    public T? Find(Bytes key)
    {
        var node = _root;
        while (node is { Children: not null }) node = node.Children[node.ChildOf(key)];
        if (node is null) return null;
        var at = node.Search(key);
        return at < 0 ? null : node.Values![at];
    }

    /// <summary>How many keys come before this one.</summary>
    public int Rank(Bytes key)
    {
        var rank = 0;
        var node = _root;
        if (node is null) return 0;
        while (node.Children is not null)
        {
            var child = node.ChildOf(key);
            for (var i = 0; i < child; i++) rank += node.Children[i].Size;
            node = node.Children[child];
        }

        var at = node.Search(key);
        return rank + (at < 0 ? ~at : at);
    }

    /// <summary>How many keys are in the range.</summary>
    public int CountOf(KeyRange range)
    {
        if (range.IsSingle) return Find(range.Key) is null ? 0 : 1;
        return range.IsEmpty ? 0 : (range.IsOpen ? Count : Rank(range.End)) - Rank(range.Key);
    }

    /// <summary>The values of the range in the order of their keys.</summary>
    public IEnumerable<T> Range(KeyRange range)
    {
        if (!range.IsSingle) return range.IsEmpty ? [] : Walk(range).Select(static at => at.Leaf.Values![at.Index]);
        return Find(range.Key) is { } value ? [value] : [];
    }

    /// <summary>The keys of the range in their order.</summary>
    public IEnumerable<Bytes> RangeKeys(KeyRange range) => range.IsEmpty ? [] : Walk(range).Select(static at => at.Leaf.Keys[at.Index]);

    public Editor Edit() => new(_root);

    private IEnumerable<(TreeNode<T> Leaf, int Index)> Walk(KeyRange range)
    {
        if (_root is null) yield break;
        var path = new Stack<(TreeNode<T> Node, int Next)>();
        var leaf = _root;
        while (leaf.Children is not null)
        {
            var child = leaf.ChildOf(range.Key);
            path.Push((leaf, child + 1));
            leaf = leaf.Children[child];
        }

        var at = leaf.Search(range.Key);
        for (var i = at < 0 ? ~at : at; leaf is not null; i = 0)
        {
            for (; i < leaf.Count; i++)
            {
                if (!range.IsOpen && leaf.Keys[i] >= range.End) yield break;
                yield return (leaf, i);
            }

            leaf = NextLeaf(path);
        }
    }

    private static TreeNode<T>? NextLeaf(Stack<(TreeNode<T> Node, int Next)> path)
    {
        while (path.TryPop(out var top))
        {
            if (top.Next == top.Node.Count) continue;
            path.Push((top.Node, top.Next + 1));
            var node = top.Node.Children![top.Next];
            while (node.Children is not null)
            {
                path.Push((node, 1));
                node = node.Children[0];
            }

            return node;
        }

        return null;
    }

    /// <summary>Makes the next version. Nodes that it has copied once it changes in place.</summary>
    internal sealed class Editor(TreeNode<T>? root)
    {
        private TreeNode<T>? _root = root;
        private object _owner = new();

        /// <summary>The tree as it is now. Whatever is edited later goes into copies again.</summary>
        public SortedTree<T> ToTree()
        {
            _owner = new();
            return new(_root);
        }

        /// <summary>The tree as it is now, to be read before the next edit only.</summary>
        public SortedTree<T> Peek() => new(_root);

        /// <summary>Adds or replaces. Answers what was there.</summary>
        public T? Set(Bytes key, T value)
        {
            if (_root is null)
            {
                _root = TreeNode<T>.LeafOf(_owner, key, value);
                return null;
            }

            _root = _root.Set(_owner, key, value, out var previous, out var split);
            if (split is not null) _root = TreeNode<T>.InnerOf(_owner, _root, split);
            return previous;
        }

        /// <summary>Removes. Answers what was there.</summary>
        public T? Remove(Bytes key)
        {
            // Looked up first, so that removing nothing copies nothing.
            if (_root is null || Peek().Find(key) is not { } previous) return null;
            _root = _root.Remove(_owner, key);
            while (_root is { Children: not null, Count: 1 }) _root = _root.Children[0];
            if (_root.Count == 0) _root = null;
            return previous;
        }
    }
}
