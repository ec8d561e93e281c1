namespace Mgmt.Linux.Processes;

/// <summary>Ends one child with everything it started, while the child is held unreaped.</summary>
internal sealed class Ending(Child child, ProcessScanner scanner)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // What survives SIGKILL this long hangs inside the kernel, or is not ours to kill.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Family _family = new(child.Id, child.Number);

    /// <summary>Whether all of them are gone at the end.</summary>
    internal async Task<bool> RunAsync(TimeSpan grace)
    {
        // Who has left the group is known by its parent, as long as the parent lives: look before the first signal.
        var alive = _family.FindAlive(await scanner.ScanAsync());
        _family.Signal(alive, ProcessNative.SIGTERM);
        _family.Signal(alive, ProcessNative.SIGCONT);

        // What is forked from here on is not asked to end: it may be the tidying up of those that were.
        // Each of the two limits runs from its signal: on a busy host the looking itself may take long.
        var begun = TimeProvider.System.GetTimestamp();
        for (var left = grace; left > TimeSpan.Zero; left = grace - TimeProvider.System.GetElapsedTime(begun))
        {
            await WaitAsync(left);
            alive = _family.FindAlive(await scanner.ScanAsync());
            if (IsOver(alive)) return true;
        }

        begun = TimeProvider.System.GetTimestamp();
        for (var left = Limit; left > TimeSpan.Zero; left = Limit - TimeProvider.System.GetElapsedTime(begun))
        {
            _family.Signal(alive, ProcessNative.SIGKILL);
            await WaitAsync(Pause);
            alive = _family.FindAlive(await scanner.ScanAsync());
            if (IsOver(alive)) return true;
        }

        return false;
    }

    private bool IsOver(List<ProcessEntry> alive) => alive.Count == 0 && child.Gone.IsCompleted;

    // The child itself tells when it is gone; of the others one has to look.
    private Task WaitAsync(TimeSpan left) =>
        child.Gone.IsCompleted ? Task.Delay(left < Pause ? left : Pause) : Task.WhenAny(child.Gone, Task.Delay(left));
}
