using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Leases;

/// <summary>
/// The leader's deadlines, on a time that never goes back and is given with each call. It starts when a leader has applied an entry of its own term, with the
/// full time for every lease, so that none ends early; what it finds over is proposed, and ends when that is applied. Belongs to one thread.
/// </summary>
public sealed class LeaseClock
{
    /// <summary>After this time an expiry that was not applied is proposed again.</summary>
    public static readonly TimeSpan ProposeAgainAfter = TimeSpan.FromSeconds(3);

    private readonly Dictionary<long, Held> _held = [];
    private readonly PriorityQueue<Held, TimeSpan> _queue = new();

    /// <summary>When <see cref="TakeDue"/> is worth calling next, at the earliest; null when there is no lease.</summary>
    public TimeSpan? NextDeadline => _queue.TryPeek(out _, out var at) ? at : null;

    /// <summary>Starts anew with the leases there are.</summary>
    public void Start(IEnumerable<Lease> leases, TimeSpan now)
    {
        Stop();
        foreach (var lease in leases) Grant(lease, now);
    }

    /// <summary>Forgets all: somebody else leads.</summary>
    public void Stop()
    {
        _held.Clear();
        _queue.Clear();
    }

    /// <summary>Follows what an applied command did to leases.</summary>
    public void Follow(Command command, Applied applied, TimeSpan now)
    {
        switch (command)
        {
            case Command.LeaseGrant when applied.Response is Response.LeaseGrant granted:
                Grant(granted.Lease, now);
                break;
            case Command.LeaseRevoke(var id) when !applied.View.Leases.ContainsKey(id):
                End(id);
                break;
            case Command.LeaseExpire(var id, _) when !applied.View.Leases.ContainsKey(id):
                End(id);
                break;
        }
    }

    /// <summary>Gives a lease its full time again. False when there is no such lease, or its time is over and its end on the way.</summary>
    public bool TryKeepAlive(long id, TimeSpan now, out long seconds)
    {
        seconds = 0;
        if (!_held.TryGetValue(id, out var held) || now >= held.Deadline) return false;

        // The queue learns of it when the old deadline comes: keeping alive costs nothing but this.
        held.Deadline = now + TimeSpan.FromSeconds(held.Lease.Seconds);
        seconds = held.Lease.Seconds;
        return true;
    }

    /// <summary>The whole seconds that a lease has left, 0 when its end is on the way; -1 when there is no such lease.</summary>
    public long SecondsLeft(long id, TimeSpan now) =>
        _held.TryGetValue(id, out var held) ? Math.Max(0, (long)(held.Deadline - now).TotalSeconds) : -1;

    /// <summary>Takes leases whose time is over, to be proposed. One that is not applied comes again after <see cref="ProposeAgainAfter"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many at once.</param>
    public IReadOnlyList<Command.LeaseExpire> TakeDue(TimeSpan now, int most)
    {
        var due = new List<Command.LeaseExpire>();
        while (due.Count < most && _queue.TryPeek(out var held, out var at) && at <= now)
        {
            _queue.Dequeue();
            if (!_held.TryGetValue(held.Lease.Id, out var present) || !ReferenceEquals(present, held)) continue;
            if (held.Deadline <= now) due.Add(new(held.Lease.Id, held.Lease.GrantedAt));
            _queue.Enqueue(held, held.Deadline <= now ? now + ProposeAgainAfter : held.Deadline);
        }

        return due;
    }

    private void Grant(Lease lease, TimeSpan now)
    {
        var held = new Held(lease) { Deadline = now + TimeSpan.FromSeconds(lease.Seconds) };
        _held[lease.Id] = held;
        _queue.Enqueue(held, held.Deadline);
    }

    // The queue drops what is not held when its deadline comes, or all at once when that is most of it.
    private void End(long id)
    {
        _held.Remove(id);
        if (_queue.Count <= 64 + (2 * _held.Count)) return;
        _queue.Clear();
        foreach (var held in _held.Values) _queue.Enqueue(held, held.Deadline);
    }

    private sealed class Held(Lease lease)
    {
        public Lease Lease => lease;

        public TimeSpan Deadline { get; set; }
    }
}
