using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mgmt.Robustness.Histories;

/// <summary>Takes what clients do, as it happens, on one clock.</summary>
internal sealed class HistoryLog
{
    private readonly ConcurrentQueue<Operation> _operations = new();
    private long _values;
    private int _done;

    public static long Now => Stopwatch.GetTimestamp();

    public IReadOnlyList<Operation> All => [.. _operations];

    public int DoneCount => Volatile.Read(ref _done);

    public void Add(Operation operation)
    {
        _operations.Enqueue(operation);
        if (operation.Outcome == Outcome.Done) Interlocked.Increment(ref _done);
    }

    /// <summary>A value that nobody else writes.</summary>
    public string NextValue() => $"v{Interlocked.Increment(ref _values)}";
}
