using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>What a listener wants an inode for; its own words, handed back with the events.</summary>
/// <param name="Mask">The events.</param>
/// <param name="Name">The name that matters in it, or none.</param>
internal sealed record InotifyRole(InotifyMask Mask, FileName Name);

/// <summary>One listener's interest in one watched inode; it stands in one of that inode's chains.</summary>
internal sealed class InotifySubscription(WatchedInode inode, IInotifyListener listener, InotifyRole role)
{
    internal WatchedInode Inode => inode;

    internal IInotifyListener Listener => listener;

    internal InotifyRole Role => role;

    internal InotifySubscription? Next { get; set; }

    internal InotifySubscription? Previous { get; set; }

    /// <summary>Whether it was taken out: who fails half way takes out once more.</summary>
    internal bool IsOut { get; set; }
}

/// <summary>An event that concerns a listener.</summary>
internal readonly record struct Heard(IInotifyListener Listener, InotifyRole Role, InotifyMask Mask);

/// <summary>
/// An inode that the kernel tells of, and who listens to it; the table's lock guards it. Thousands may listen to one directory, most of them for its own sake or each
/// for a name of its own: an event finds those whom it concerns without a look at the others.
/// </summary>
/// <param name="source">Which of the kernel's facilities tells.</param>
/// <param name="device">The file system.</param>
internal abstract class WatchedInode(IInodeSource source, ulong device)
{
    private const InotifyMask OfNames = InotifyMask.Create | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete | InotifyMask.Modify | InotifyMask.CloseWrite;

    private readonly List<(InotifyMask Mask, int Count)> _masks = new(1);
    private Dictionary<FileName, InotifySubscription>? _named;
    private InotifySubscription? _ofAllNames;
    private InotifySubscription? _own;

    internal IInodeSource Source => source;

    internal ulong Device => device;

    internal bool IsUnused => _masks.Count == 0;

    /// <summary>What all listeners need together.</summary>
    internal InotifyMask Needed { get; private set; }

    internal InotifySubscription Add(IInotifyListener listener, InotifyRole role)
    {
        var subscription = new InotifySubscription(this, listener, role);
        subscription.Next = First(role);
        if (subscription.Next is { } next) next.Previous = subscription;
        SetFirst(role, subscription);
        Count(role.Mask, 1);
        return subscription;
    }

    internal void Remove(InotifySubscription subscription)
    {
        if (subscription.IsOut) return;
        subscription.IsOut = true;
        if (subscription.Next is { } next) next.Previous = subscription.Previous;
        if (subscription.Previous is { } previous) previous.Next = subscription.Next;
        else SetFirst(subscription.Role, subscription.Next);
        Count(subscription.Role.Mask, -1);
    }

    /// <summary>Adds those whom an event concerns.</summary>
    internal void Find(InotifyMask mask, ReadOnlySpan<byte> name, List<Heard> found)
    {
        if ((mask & (Needed | InotifyMask.Unasked) & ~InotifyMask.IsFolder) == 0) return;
        Collect(_ofAllNames, mask, found);
        if (!name.IsEmpty)
        {
            if (_named is not null && _named.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var first)) Collect(first, mask, found);
            return;
        }

        Collect(_own, mask, found);
        foreach (var first in _named?.Values ?? Enumerable.Empty<InotifySubscription>()) Collect(first, mask, found);
    }

    internal void AddListeners(HashSet<IInotifyListener> listeners)
    {
        var found = new List<Heard>();
        Find(InotifyMask.Overflow, [], found);
        foreach (var one in found) listeners.Add(one.Listener);
    }

    private static void Collect(InotifySubscription? first, InotifyMask mask, List<Heard> found)
    {
        for (var each = first; each is not null; each = each.Next)
        {
            var heard = mask & (each.Role.Mask | InotifyMask.Unasked);
            if ((heard & ~InotifyMask.IsFolder) != 0) found.Add(new Heard(each.Listener, each.Role, heard));
        }
    }

    private InotifySubscription? First(InotifyRole role)
    {
        if (role.Name != FileName.Empty) return _named?.GetValueOrDefault(role.Name);
        return (role.Mask & OfNames) != 0 ? _ofAllNames : _own;
    }

    private void SetFirst(InotifyRole role, InotifySubscription? first)
    {
        if (role.Name == FileName.Empty)
        {
            if ((role.Mask & OfNames) != 0) _ofAllNames = first;
            else _own = first;
        }
        else if (first is null)
        {
            _named!.Remove(role.Name);
        }
        else
        {
            (_named ??= new(FileNameComparer.Instance))[role.Name] = first;
        }
    }

    // There are few different masks, however many listeners.
    private void Count(InotifyMask mask, int by)
    {
        var at = _masks.FindIndex(each => each.Mask == mask);
        if (at < 0) _masks.Add((mask, by));
        else if (_masks[at].Count + by == 0) _masks.RemoveAt(at);
        else _masks[at] = (mask, _masks[at].Count + by);
        Needed = InotifyMask.None;
        foreach (var each in _masks) Needed |= each.Mask;
    }
}
