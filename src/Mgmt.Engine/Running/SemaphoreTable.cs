namespace Mgmt.Engine.Running;

/// <summary>
/// The counting semaphores of a plan. A vertex takes all of its semaphores or none, so that no two can wait for each other; who cannot waits in the queue of the
/// first one that is full.
/// </summary>
internal sealed class SemaphoreTable(int parallel)
{
    // No semaphore of a graph file has an empty id.
    private const string All = "";
    private readonly string[] _ofAll = parallel > 0 ? [All] : [];
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

    /// <summary>Takes all of the vertex's semaphores, or answers the id of one that is full.</summary>
    public string? TryTake(RunnerVertex vertex) => TryTake(IdsOf(vertex));

    /// <summary>Takes all semaphores of these ids, or answers that of one that is full.</summary>
    public string? TryTake(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            var entry = EntryOf(id);
            if (entry.Taken >= entry.Size) return id;
        }

        foreach (var id in ids) EntryOf(id).Taken++;
        return null;
    }

    /// <summary>Lets a vertex wait for a semaphore that is full.</summary>
    public void Queue(string id, RunnerVertex vertex) => EntryOf(id).Queue.Enqueue(vertex);

    /// <summary>Gives the vertex's semaphores back.</summary>
    public void Release(RunnerVertex vertex) => Release(IdsOf(vertex));

    /// <summary>Gives back what was taken for a joint run.</summary>
    public void Release(IReadOnlyList<string> ids)
    {
        foreach (var id in ids) EntryOf(id).Taken--;
    }

    /// <summary>The next vertex that waits for a semaphore which has room again, and that semaphore's id; null when there is none. It is queued no more.</summary>
    public (RunnerVertex Vertex, string Id)? NextWaiter()
    {
        foreach (var (id, entry) in _entries)
        {
            if (entry.Taken < entry.Size && entry.Queue.TryDequeue(out var vertex)) return (vertex, id);
        }

        return null;
    }

    /// <summary>The ids of all semaphores that any of the vertices needs, each once; a run of all of them together counts once as a check.</summary>
    public IReadOnlyList<string> IdsOf(IEnumerable<RunnerVertex> vertices) => [.. vertices.SelectMany(IdsOf).Distinct(StringComparer.Ordinal)];

    private string[] IdsOf(RunnerVertex vertex) => vertex.Meta.Semaphores.Count == 0 ? _ofAll : [.. _ofAll, .. vertex.Meta.Semaphores.Select(one => one.Id)];

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
