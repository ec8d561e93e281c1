namespace Mgmt.Store.Machine;

/// <summary>Splitting, merging and moving, the same for leaves and inner nodes.</summary>
internal sealed partial class TreeNode<T>
{
    // A key at the very end starts a new node alone: keys often come in order, and the full node will not grow again.
    private TreeNode<T>? Add(int at, Bytes key, T? value, TreeNode<T>? child)
    {
        if (Count < Capacity)
        {
            Insert(at, key, value, child);
            return null;
        }

        var from = at == Count ? Count : Count / 2;
        var right = new TreeNode<T>(_owner, Children is null) { Count = Count - from };
        Move(from, Count - from, right, 0);
        Clear(from, Count - from);
        Count = from;
        if (at > from || from == Capacity) right.Insert(at - from, key, value, child);
        else Insert(at, key, value, child);
        if (Children is not null) (_sizeBelow, right._sizeBelow) = (SumBelow(), right.SumBelow());
        return right;
    }

    private void Insert(int at, Bytes key, T? value, TreeNode<T>? child)
    {
        Move(at, Count - at, this, at + 1);
        Keys[at] = key;
        if (Children is null) Values![at] = value!;
        else Children[at] = child!;
        Count++;
    }

    private void RemoveAt(int at)
    {
        Move(at + 1, Count - at - 1, this, at);
        Clear(Count - 1, 1);
        Count--;
    }

    // Puts the child behind into the one at the index, if both fit with some room left.
    private bool TryMerge(int at)
    {
        if (at < 0 || at + 1 >= Count || Children![at].Count + Children[at + 1].Count > Capacity * 3 / 4) return false;
        var left = Children[at] = Children[at].OwnedBy(_owner);
        var right = Children[at + 1];
        var joint = left.Count;
        right.Move(0, right.Count, left, joint);
        left.Keys[joint] = right.Children is null ? right.Keys[0] : Keys[at + 1];
        left.Count += right.Count;
        left._sizeBelow += right._sizeBelow;
        RemoveAt(at + 1);
        return true;
    }

    private void Move(int from, int count, TreeNode<T> target, int to)
    {
        Array.Copy(Keys, from, target.Keys, to, count);
        if (Children is null) Array.Copy(Values!, from, target.Values!, to, count);
        else Array.Copy(Children, from, target.Children!, to, count);
    }

    private void Clear(int from, int count)
    {
        Array.Clear(Keys, from, count);
        if (Children is null) Array.Clear(Values!, from, count);
        else Array.Clear(Children, from, count);
    }

    private int SumBelow()
    {
        var sum = 0;
        for (var i = 0; i < Count; i++) sum += Children![i].Size;
        return sum;
    }
}
