namespace Mgmt.Mesh.Raft;

/// <summary>Counts answers until a majority said yes, or cannot any more.</summary>
internal sealed class MajorityCount(int members)
{
    private readonly TaskCompletionSource<bool> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _yes;
    private int _no;

    public Task<bool> Result => _result.Task;

    public void Add(bool yes)
    {
        var majority = members / 2 + 1;
        if (yes && Interlocked.Increment(ref _yes) >= majority) _result.TrySetResult(true);
        if (!yes && Interlocked.Increment(ref _no) > members - majority) _result.TrySetResult(false);
    }
}
