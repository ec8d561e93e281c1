namespace Mgmt.Mesh.Api.Calls;

/// <summary>What was called and how it ended, for the metrics; and how much is on its way, for the bounds. Safe for any thread.</summary>
internal sealed class CallCounts
{
    private const int Codes = 17;

    private readonly long[] _started = new long[MethodTable.All.Count];
    private readonly long[] _handled = new long[MethodTable.All.Count * Codes];
    private long _requests;
    private long _streams;
    private long _watches;
    private long _pending;
    private long _failed;

    /// <summary>Requests on their way.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Open streams.</summary>
    public long Streams => Volatile.Read(ref _streams);

    /// <summary>Proposals that wait for their answer.</summary>
    public long Pending => Volatile.Read(ref _pending);

    /// <summary>Proposals that no majority took in time.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public void Started(MethodRow row) => Interlocked.Increment(ref _started[row.Number]);

    public void Handled(MethodRow row, int code) => Interlocked.Increment(ref _handled[(row.Number * Codes) + Math.Clamp(code, 0, Codes - 1)]);

    public long StartedOf(MethodRow row) => Volatile.Read(ref _started[row.Number]);

    public long HandledOf(MethodRow row, int code) => Volatile.Read(ref _handled[(row.Number * Codes) + code]);

    public bool TryBeginRequest(int most) => TryBegin(ref _requests, most);

    public void EndRequest() => Interlocked.Decrement(ref _requests);

    public bool TryBeginStream(int most) => TryBegin(ref _streams, most);

    public void EndStream() => Interlocked.Decrement(ref _streams);

    public bool TryBeginWatch(int most) => TryBegin(ref _watches, most);

    public void EndWatches(int count) => Interlocked.Add(ref _watches, -count);

    public void ProposalBegins() => Interlocked.Increment(ref _pending);

    public void ProposalEnds(bool isAgreed)
    {
        Interlocked.Decrement(ref _pending);
        if (!isAgreed) Interlocked.Increment(ref _failed);
    }

    private static bool TryBegin(ref long count, int most)
    {
        if (Interlocked.Increment(ref count) <= most) return true;
        Interlocked.Decrement(ref count);
        return false;
    }
}
