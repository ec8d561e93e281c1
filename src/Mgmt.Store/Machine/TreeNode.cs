namespace Mgmt.Store.Machine;

/// <summary>
/// A node of a <see cref="SortedTree{T}"/>: a leaf with keys and values, or an inner node whose key at i, but for the first, is above all keys before child i
/// and not above any key of it. Who owns a node may change it; everybody else copies.
/// </summary>
internal sealed partial class TreeNode<T>
    where T : class
{
    private const int Capacity = 32;
    private readonly object _owner;
    private int _sizeBelow;

    private TreeNode(object owner, bool isLeaf)
    {
        _owner = owner;
        Keys = new Bytes[Capacity];
        if (isLeaf) Values = new T[Capacity];
        else Children = new TreeNode<T>[Capacity];
    }

    public int Count { get; private set; }

    public Bytes[] Keys { get; }

    public T[]? Values { get; }

    public TreeNode<T>[]? Children { get; }

    /// <summary>How many values it and all below it have.</summary>
    public int Size => Children is null ? Count : _sizeBelow;

    public static TreeNode<T> LeafOf(object owner, Bytes key, T value)
    {
        var leaf = new TreeNode<T>(owner, isLeaf: true);
        leaf.Insert(0, key, value, null);
        return leaf;
    }

    public static TreeNode<T> InnerOf(object owner, TreeNode<T> left, TreeNode<T> right)
    {
        var inner = new TreeNode<T>(owner, isLeaf: false) { _sizeBelow = left.Size + right.Size };
        inner.Insert(0, left.Keys[0], null, left);
        inner.Insert(1, right.Keys[0], null, right);
        return inner;
    }

    /// <summary>Where the key is, or the complement of where it would be.</summary>
    public int Search(Bytes key) => Search(key, 0);

    public int ChildOf(Bytes key)
    {
        var at = Search(key, 1);
        return at < 0 ? ~at - 1 : at;
    }

    /// <summary>Adds or replaces below this node, or below the copy that it answers. What did not fit any more is split off to the right.</summary>
    public TreeNode<T> Set(object owner, Bytes key, T value, out T? previous, out TreeNode<T>? split)
    {
        var node = OwnedBy(owner);
        split = null;
        if (node.Children is not null)
        {
            var child = node.ChildOf(key);
            node.Children[child] = node.Children[child].Set(owner, key, value, out previous, out var part);
            if (previous is null) node._sizeBelow++;
            if (part is not null) split = node.Add(child + 1, part.Keys[0], null, part);
            return node;
        }

        var at = node.Search(key);
        previous = at < 0 ? null : node.Values![at];
        if (at >= 0) node.Values![at] = value;
        else split = node.Add(~at, key, value, null);
        return node;
    }

    /// <summary>Removes a key that is there, below this node or below the copy that it answers.</summary>
    public TreeNode<T> Remove(object owner, Bytes key)
    {
        var node = OwnedBy(owner);
        if (node.Children is null)
        {
            node.RemoveAt(node.Search(key));
            return node;
        }

        var at = node.ChildOf(key);
        var child = node.Children[at] = node.Children[at].Remove(owner, key);
        node._sizeBelow--;
        if (child.Count == 0) node.RemoveAt(at);
        else if (child.Count < Capacity / 4 && !node.TryMerge(at - 1)) node.TryMerge(at);
        return node;
    }

    private int Search(Bytes key, int from)
    {
        var (low, high) = (from, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Keys[middle].CompareTo(key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private TreeNode<T> OwnedBy(object owner)
    {
        if (ReferenceEquals(_owner, owner)) return this;
        var copy = new TreeNode<T>(owner, Children is null) { Count = Count, _sizeBelow = _sizeBelow };
        Move(0, Count, copy, 0);
        return copy;
    }
}
