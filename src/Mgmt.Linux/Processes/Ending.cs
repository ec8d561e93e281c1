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
        var begun = TimeProvider.System.GetTimestamp();

        // Who has left the group is known by its parent, as long as the parent lives: look before the first signal.
        var alive = _family.FindAlive(await scanner.ScanAsync());
        _family.Signal(alive, ProcessNative.SIGTERM);
        _family.Signal(alive, ProcessNative.SIGCONT);
        while (true)
        {
            var left = grace - TimeProvider.System.GetElapsedTime(begun);
            if (left > TimeSpan.Zero) await WaitAsync(left);
            alive = _family.FindAlive(await scanner.ScanAsync());
            if (alive.Count == 0 && child.Gone.IsCompleted) return true;
            var elapsed = TimeProvider.System.GetElapsedTime(begun);
            if (elapsed > grace + Limit) return false;
            if (elapsed < grace) continue;
            _family.Signal(alive, ProcessNative.SIGKILL);
            await Task.Delay(Pause);
        }
    }

    // The child itself tells when it is gone; of the others one has to look.
    private async Task WaitAsync(TimeSpan left)
    {
        if (child.Gone.IsCompleted) await Task.Delay(left < Pause ? left : Pause);
        else await Task.WhenAny(child.Gone, Task.Delay(left));
    }
}
