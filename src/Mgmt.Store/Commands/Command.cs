namespace Mgmt.Store.Commands;

/// <summary>Sixteen opaque bytes that tell one proposal from all others, so that its proposer can recognise the answer.</summary>
public readonly record struct RequestId(UInt128 Value);

/// <summary>What stands in the log.</summary>
public sealed record Proposal(RequestId Id, Command Command);

/// <summary>What can change the state. The set is closed, and each kind has a number in <see cref="CommandCodec"/>.</summary>
public abstract record Command
{
    private Command()
    {
    }

    /// <summary>Does something to keys: a put, a deletion or a transaction; a range is allowed, and changes nothing.</summary>
    public sealed record Execute(Operation Operation) : Command;

    /// <summary>Forgets what was overwritten or deleted at or before the revision.</summary>
    public sealed record Compact(long Revision) : Command;

    /// <summary>Grants a lease. The proposer chooses an id other than 0 if the client did not.</summary>
    public sealed record LeaseGrant(long Id, long Seconds) : Command;

    /// <summary>Ends a lease at a client's wish and deletes its keys.</summary>
    public sealed record LeaseRevoke(long Id) : Command;

    /// <summary>Ends a lease whose time is over. Does nothing if that lease is gone, even when another has its id by now.</summary>
    public sealed record LeaseExpire(long Id, long GrantedAt) : Command;

    /// <summary>Asks for alarms, raises one or takes one back.</summary>
    public sealed record AlarmChange(AlarmAction Action, Alarm Alarm) : Command;

    /// <summary>Adds a member, or puts it in the place of the one of the same id. It says who is there; who votes, Raft's own log says.</summary>
    public sealed record MemberSet(Member Member) : Command;

    /// <summary>Takes a member out.</summary>
    public sealed record MemberRemove(ulong Id) : Command;
}

/// <summary>What to do with an alarm.</summary>
public enum AlarmAction
{
    /// <summary>Answer with those there are.</summary>
    Get,

    /// <summary>Raise it.</summary>
    Activate,

    /// <summary>Take it back.</summary>
    Deactivate,
}

/// <summary>The answer to a command or to a read. Revisions are those of etcd's response header.</summary>
public abstract record Response
{
    private Response()
    {
    }

    /// <summary>It was refused, and nothing changed.</summary>
    public sealed record Failed(StoreError Error) : Response;

    /// <summary>Keys that were read.</summary>
    /// <param name="Revision">The store's revision at the read.</param>
    /// <param name="KeyValues">The keys.</param>
    /// <param name="More">Whether the limit cut some off.</param>
    /// <param name="Count">How many keys there are in the range, limit and filters aside.</param>
    public sealed record Range(long Revision, IReadOnlyList<KeyValue> KeyValues, bool More, long Count) : Response;

    /// <summary>A key was written.</summary>
    public sealed record Put(long Revision, KeyValue? Previous) : Response;

    /// <summary>Keys were deleted.</summary>
    public sealed record DeleteRange(long Revision, long Deleted, IReadOnlyList<KeyValue> Previous) : Response;

    /// <summary>A transaction was done. The revision of a nested one is 0, as etcd leaves it out.</summary>
    public sealed record Txn(long Revision, bool Succeeded, IReadOnlyList<Response> Responses) : Response;

    /// <summary>The history was compacted.</summary>
    public sealed record Compact(long Revision) : Response;

    /// <summary>A lease was granted; its time may be longer than asked.</summary>
    public sealed record LeaseGrant(long Revision, Lease Lease) : Response;

    /// <summary>A lease has ended, or there was none to end.</summary>
    public sealed record LeaseEnd(long Revision) : Response;

    /// <summary>The alarms asked for, or the one raised or taken back.</summary>
    public sealed record Alarms(long Revision, IReadOnlyList<Alarm> Raised) : Response;

    /// <summary>All members after a change of them, by id. It takes no revision.</summary>
    public sealed record Members(long Revision, IReadOnlyList<Member> All) : Response;
}
