using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Node;

/// <summary>
/// Who waits for which answer. An answer is found by the request's own id, never by its place in the log, where another leader may have put something else.
/// </summary>
/// <param name="seed">Chance that tells this life of this member from all others: ids must never be used again.</param>
/// <param name="most">How many may wait at once.</param>
internal sealed class PendingProposals(ulong seed, int most)
{
    private readonly ConcurrentDictionary<RequestId, Waiting> _waiting = new();
    private long _counter;

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Begins to wait for an answer. False when too many wait.</summary>
    public bool TryAdd([NotNullWhen(true)] out Waiting? waiting)
    {
        waiting = null;
        if (_waiting.Count >= most) return false;
        waiting = new(new(new UInt128(seed, (ulong)Interlocked.Increment(ref _counter))));
        return _waiting.TryAdd(waiting.Id, waiting);
    }

    /// <summary>Waits no more.</summary>
    public void Remove(Waiting waiting) => _waiting.TryRemove(waiting.Id, out _);

    /// <summary>Hands over the answer to an applied proposal, if it is one of this member's.</summary>
    public void Answer(RequestId id, Response response)
    {
        if (_waiting.TryRemove(id, out var waiting)) waiting.Answer(response);
    }

    /// <summary>Tells all who proposed before a term that their proposals were lost with their leader, or so it seems.</summary>
    public void FailBefore(long term, StoreError error)
    {
        foreach (var one in _waiting.Values.Where(one => one.Term < term)) Answer(one.Id, new Response.Failed(error));
    }

    /// <summary>One who waits.</summary>
    internal sealed class Waiting(RequestId id)
    {
        private long _term = long.MaxValue;
        private readonly TaskCompletionSource<Response> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RequestId Id => id;

        /// <summary>The term it was proposed in, as far as is known; far away while it is not proposed.</summary>
        public long Term
        {
            get => Volatile.Read(ref _term);
            set => Volatile.Write(ref _term, value);
        }

        public Task<Response> Task => _answer.Task;

        public void Answer(Response response) => _answer.TrySetResult(response);
    }
}
