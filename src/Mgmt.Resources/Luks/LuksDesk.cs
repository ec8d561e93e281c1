using Mgmt.Linux.Memory;

namespace Mgmt.Resources.Luks;

/// <summary>Where people unlock and lock the encrypted disks of the graph in force.</summary>
public sealed class LuksDesk
{
    /// <summary>The longest passphrase, in bytes.</summary>
    public const int LongestKey = 8192;

    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LuksWatch> _disks = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    internal LuksDesk(TimeProvider time) => _time = time;

    /// <summary>Opens a disk.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="key">The passphrase, which is only read, and stays the caller's; null asks whether one is needed.</param>
    /// <param name="cancel">Gives up, as long as it has not begun.</param>
    public Task<LuksAnswer> UnlockAsync(string name, LockedBytes? key, CancellationToken cancel) => AskAsync(name, new LuksOrder(isLock: false, key), cancel);

    /// <summary>Unmounts all that is on a disk, closes it, and has it stay closed until it is unlocked.</summary>
    public Task<LuksAnswer> LockAsync(string name, CancellationToken cancel) => AskAsync(name, new LuksOrder(isLock: true, null), cancel);

    internal void Add(string name, LuksWatch disk)
    {
        lock (_gate) _disks[name] = disk;
    }

    internal void Remove(string name, LuksWatch disk)
    {
        lock (_gate)
        {
            // Of a changed definition the new one may be there already.
            if (_disks.GetValueOrDefault(name) == disk) _disks.Remove(name);
        }
    }

    private async Task<LuksAnswer> AskAsync(string name, LuksOrder order, CancellationToken cancel)
    {
        if (Find(name, out var others) is not { } disk) return new(LuksOutcome.Unknown, $"the graph has no luks resource \"{name}\" that is watched now; {others}");
        if (!disk.TryGive(order)) return new(LuksOutcome.Failed, $"somebody else unlocks or locks {name} at this moment; try again");
        using var late = new CancellationTokenSource(BeginWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        await ((Task)order.Answered.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What has begun is waited for: the key must not be taken away from under it.
        if (!order.Answered.IsCompleted && disk.TryTakeBack(order)) order.Answer(LuksOutcome.Failed, $"it was not its turn within {BeginWithin.TotalSeconds:0} s; see mgmt status what it waits for, and try again");
        return await order.Answered;
    }

    private LuksWatch? Find(string name, out string others)
    {
        lock (_gate)
        {
            others = _disks.Count == 0 ? "it has none" : $"it has {string.Join(", ", _disks.Keys.Order(StringComparer.Ordinal).Take(20))}";
            return _disks.GetValueOrDefault(name);
        }
    }
}
