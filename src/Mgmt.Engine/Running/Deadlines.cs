namespace Mgmt.Engine.Running;

internal enum DeadlineKind
{
    Retry,
    Limit,
    Poll,
    Watch,
}

/// <summary>The times at which a vertex is to be looked at again. Setting or voiding one makes the older ones of its kind void.</summary>
internal sealed class Deadlines
{
    public const int Kinds = 4;

    private readonly PriorityQueue<(RunnerVertex Vertex, DeadlineKind Kind, int Generation), (TimeSpan At, long Sequence)> _queue = new();
    private long _sequence;

    /// <summary>The earliest time, or null. It may belong to a deadline that is void by now.</summary>
    public TimeSpan? Next => _queue.TryPeek(out _, out var key) ? key.At : null;

    public void Set(RunnerVertex vertex, DeadlineKind kind, TimeSpan at) =>
        _queue.Enqueue((vertex, kind, ++vertex.Generations[(int)kind]), (at, _sequence++));

    public static void Void(RunnerVertex vertex, DeadlineKind kind) => vertex.Generations[(int)kind]++;

    /// <summary>Takes the next deadline that has come and is not void.</summary>
    public bool TryTake(TimeSpan now, out RunnerVertex vertex, out DeadlineKind kind)
    {
        while (_queue.TryPeek(out var first, out var key) && key.At <= now)
        {
            _queue.Dequeue();
            (vertex, kind, var generation) = first;
            if (!vertex.IsRetired && generation == vertex.Generations[(int)kind]) return true;
        }

        (vertex, kind) = (null!, default);
        return false;
    }
}
