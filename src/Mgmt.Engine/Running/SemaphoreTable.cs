namespace Mgmt.Engine.Running;

/// <summary>
/// The counting semaphores of a plan. A vertex takes all of its semaphores or none, so that no two can wait for each other; who cannot waits in the queue of the
/// first one that is full.
/// </summary>
internal sealed class SemaphoreTable(int parallel)
{
    // No semaphore of a graph file has an empty id.
    private const string All = "";
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Takes the sizes from a new plan. What is held stays held.</summary>
    public void Resize(RunnerVertex[] vertices)
    {
        if (parallel > 0) EntryOf(All).Size = parallel;
        foreach (var vertex in vertices)
        {
            for (var i = 0; i < vertex.Meta.Semaphores.Count; i++) EntryOf(vertex.Meta.Semaphores[i].Id).Size = vertex.Meta.Semaphores[i].Size;
        }
    }

    /// <summary>Takes all of the vertex's semaphores; else queues it and names the one that is full.</summary>
    public bool TryTake(RunnerVertex vertex, out string full)
    {
        foreach (var id in IdsOf(vertex))
        {
            var entry = EntryOf(id);
            if (entry.Taken < entry.Size) continue;
            entry.Queue.Enqueue(vertex);
            full = id.Length == 0 ? "the limit on parallel checks" : id;
            return false;
        }

        foreach (var id in IdsOf(vertex)) EntryOf(id).Taken++;
        full = "";
        return true;
    }

    /// <summary>Gives the vertex's semaphores back.</summary>
    public void Release(RunnerVertex vertex)
    {
        foreach (var id in IdsOf(vertex)) EntryOf(id).Taken--;
    }

    /// <summary>The next vertex that waits for a semaphore which has room again, or null. It is queued no more.</summary>
    public RunnerVertex? NextWaiter()
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.Taken < entry.Size && entry.Queue.TryDequeue(out var vertex)) return vertex;
        }

        return null;
    }

    private IEnumerable<string> IdsOf(RunnerVertex vertex)
    {
        if (parallel > 0) yield return All;
        foreach (var one in vertex.Meta.Semaphores) yield return one.Id;
    }

    private Entry EntryOf(string id)
    {
        if (!_entries.TryGetValue(id, out var entry)) _entries[id] = entry = new Entry();
        return entry;
    }

    private sealed class Entry
    {
        public int Size { get; set; } = 1;

        public int Taken { get; set; }

        public Queue<RunnerVertex> Queue { get; } = new();
    }
}
