using Mgmt.Linux.Fanotify;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// Watches one directory by its path, wherever that leads: the directory for the names in it, everything above it for being moved, removed or
/// led elsewhere, and while it is missing, the deepest directory that is there for the next one to appear. All paths in one directory share it.
/// </summary>
internal sealed partial class FolderWatch(InodeTable table, string path) : IInotifyListener, IRearmable
{
    /// <summary>A tree that changes faster than this is told as changed, and seen again with its next event.</summary>
    private const int MostWalks = 16;

    private const InotifyMask Children = InotifyMask.Create | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete | InotifyMask.Modify
        | InotifyMask.Attributes | InotifyMask.CloseWrite;

    private const InotifyMask Self = InotifyMask.DeleteSelf | InotifyMask.MoveSelf;

    private const InotifyMask LinkMask = Self | InotifyMask.Attributes;

    // Everything is above many.
    private static readonly InotifyRole Above = new(Self, FileName.Empty), Link = new(LinkMask, FileName.Empty), All = new(Self | Children, FileName.Empty);

    private readonly Lock _gate = new();
    private readonly FileName _path = new(path);
    private readonly Dictionary<FileName, PathWatch> _children = new(FileNameComparer.Instance);
    private readonly List<TreeWatch> _trees = [];
    private InotifySubscription[] _subscriptions = [];
    private FileIdentity[] _passed = [];
    private FileIdentity _deepest;
    private bool _isComplete;

    internal string Path => path;

    private bool IsArmed => _subscriptions.Length > 0 || _isPolled;

    /// <summary>By what it is watched, on which file system, and how many paths in it.</summary>
    internal (WatchedBy By, ulong Device, int Paths) Describe()
    {
        lock (_gate)
        {
            var isMarked = Array.Exists(_subscriptions, one => one.Inode.Device == _deepest.Device && one.Inode.Source is FanotifySource);
            return (_isPolled ? WatchedBy.Looking : isMarked ? WatchedBy.Fanotify : WatchedBy.Inotify, _deepest.Device, _children.Count + _trees.Count);
        }
    }

    /// <summary>Adds a child, and arms when it is the first.</summary>
    internal void Add(PathWatch child)
    {
        lock (_gate)
        {
            child.Next = _children.GetValueOrDefault(child.Name);
            _children[child.Name] = child;
            if (!IsArmed) Arm();
            else if (_isPolled) NoteTrace(child.Name);
        }
    }

    /// <summary>Adds a tree that has this directory as its root, and arms when it is the first.</summary>
    internal void Add(TreeWatch tree)
    {
        lock (_gate)
        {
            _trees.Add(tree);
            if (!IsArmed) Arm();
            else if (_isPolled) tree.BeginPolling();
        }
    }

    /// <summary>Removes a tree. True when nothing is watched any more.</summary>
    internal bool Remove(TreeWatch tree)
    {
        lock (_gate)
        {
            _trees.Remove(tree);
            return CloseIfUnused();
        }
    }

    /// <summary>Removes a child. True when it was the last: then nothing is watched any more.</summary>
    internal bool Remove(PathWatch child)
    {
        lock (_gate)
        {
            Unlink(child);
            _traces?.Remove(child.Name);
            return CloseIfUnused();
        }
    }

    /// <summary>
    /// Looks whether the path still leads to the directory that is watched, and arms anew if not: an event may not have come yet, or may never
    /// come (mounts; a removed directory in which somebody still stands).
    /// </summary>
    internal void EnsureArmed()
    {
        PathSubscriber[] told;
        try
        {
            lock (_gate)
            {
                if (_isComplete && FileStatus.TryLook(OpenFile.None, _path, 0, out var status) == 0 && status.Identity == _deepest) return;
                if (!Arm()) return;
                told = Subscribers();
            }
        }
        catch (FileException fault)
        {
            // Who asked hears it as an exception; the others in this directory are blind now, too.
            Ended(fault.Message);
            throw;
        }

        foreach (var one in told)
        {
            if (one is TreeWatch tree) tree.RescanAndTell();
            else one.Tell(mayRunHere: false);
        }
    }

    public void Seen(InotifyRole role, InotifyMask mask, ReadOnlySpan<byte> name, EventBatch batch)
    {
        if ((mask & (InotifyMask.Overflow | InotifyMask.Gone)) != 0 || (name.IsEmpty && role.Mask == LinkMask))
        {
            batch.Rearm(this);
            return;
        }

        // A step on the way, or the next one that is missing, came or went.
        if (role.Name != FileName.Empty && name.SequenceEqual(role.Name.Bytes)) batch.Rearm(this);
        if ((role.Mask & InotifyMask.Modify) == 0) return;
        lock (_gate)
        {
            foreach (var tree in _trees) tree.Seen(mask, batch);
            if (!_children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var child)) return;
            for (var each = child; each is not null; each = each.Next)
            {
                if ((mask & each.Mask) != 0) batch.Tell(each);
            }
        }
    }

    public void Rearm(EventBatch batch)
    {
        PathSubscriber[] told;
        string? error = null;
        lock (_gate)
        {
            try
            {
                if (_children.Count + _trees.Count > 0) Arm();
            }
            catch (FileException fault)
            {
                error = fault.Message;
            }

            told = Subscribers();
        }

        foreach (var child in told)
        {
            if (error is null && child is TreeWatch tree) batch.Rearm(tree);
            if (error is null) batch.Tell(child);
            else batch.Guard((it, _) => it.TellEnd(error), child);
        }
    }

    public void MountsChanged(EventBatch batch)
    {
        lock (_gate)
        {
            var isThere = FileStatus.TryLook(OpenFile.None, _path, 0, out var status) == 0;
            if (isThere == _isComplete && (!isThere || status.Identity == _deepest)) return;
        }

        batch.Rearm(this);
    }

    public void Ended(string error)
    {
        PathSubscriber[] told;
        lock (_gate) told = Subscribers();
        foreach (var child in told) child.TellEnd(error);
    }

    /// <summary>Watches what a walk passes until a second walk passes the same. True when that is not what was watched before.</summary>
    private bool Arm()
    {
        var walk = PathWalk.To(path);
        try
        {
            for (var i = 0; i < MostWalks; i++)
            {
                if (!TrySubscribe(walk)) break;
                var again = PathWalk.To(path);
                var isStable = walk.PassedSame(again);
                walk.Dispose();
                walk = again;
                if (isStable) break;
            }

            FileIdentity[] passed = [.. walk.Steps.Select(step => step.Identity)];
            var isChanged = _isComplete != walk.Missing is null || !passed.AsSpan().SequenceEqual(_passed);
            (_passed, _deepest, _isComplete) = (passed, walk.Steps[walk.Deepest].Identity, walk.Missing is null);
            return isChanged;
        }
        catch (FileException)
        {
            // Half a chain would look like a whole one: the next one who comes arms from the start.
            (_subscriptions, _isComplete) = (table.Replace(_subscriptions, this, []), false);
            throw;
        }
        finally
        {
            walk.Dispose();
        }
    }

    private static List<InotifyWish> Wishes(PathWalk walk)
    {
        var wishes = new List<InotifyWish>(walk.Steps.Count + 1);
        for (var i = 0; i < walk.Steps.Count; i++)
        {
            var step = walk.Steps[i];
            var isDeepest = i == walk.Deepest;
            wishes.Add(step.IsLink
                ? new InotifyWish(step.Inode, step.Identity.Device, Link, IsOptional: !isDeepest, walk.Steps[step.Container].Inode, step.Name)
                : new InotifyWish(step.Inode, step.Identity.Device, isDeepest ? RoleOfDeepest(walk) : Above, IsOptional: !isDeepest));
        }

        // A directory in which somebody stands tells of its own removal only when he leaves; the directory above tells at once.
        // Trees are removed from below, so the deepest is the only one that needs it.
        var deepest = walk.Steps[walk.Deepest];
        if (deepest.Container >= 0)
        {
            var container = walk.Steps[deepest.Container];
            wishes.Add(new InotifyWish(container.Inode, container.Identity.Device, new InotifyRole(InotifyMask.Delete | InotifyMask.MovedTo, deepest.Name), IsOptional: true));
        }

        return wishes;
    }

    private static InotifyRole RoleOfDeepest(PathWalk walk) => walk.Missing is { } missing
        ? new InotifyRole(Self | InotifyMask.Create | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete, missing)
        : All;

    private bool CloseIfUnused()
    {
        if (_children.Count + _trees.Count > 0) return false;
        _subscriptions = table.Replace(_subscriptions, this, []);
        EndPolling();
        return true;
    }

    private void Unlink(PathWatch child)
    {
        if (!_children.TryGetValue(child.Name, out var first)) return;
        if (ReferenceEquals(first, child))
        {
            if (child.Next is null) _children.Remove(child.Name);
            else _children[child.Name] = child.Next;
            return;
        }

        for (var each = first; each.Next is not null; each = each.Next)
        {
            if (!ReferenceEquals(each.Next, child)) continue;
            each.Next = child.Next;
            return;
        }
    }

    private PathSubscriber[] Subscribers()
    {
        var all = new List<PathSubscriber>(_children.Count + _trees.Count);
        foreach (var first in _children.Values)
        {
            for (var each = first; each is not null; each = each.Next) all.Add(each);
        }

        return [.. all, .. _trees];
    }
}
