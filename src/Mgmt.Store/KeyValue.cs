namespace Mgmt.Store;

/// <summary>A key as one revision wrote it. Of a deleted key only the key and the revision of the deletion are set.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="CreateRevision">The revision that created the key.</param>
/// <param name="ModRevision">The revision that wrote this.</param>
/// <param name="Version">How often the key was written since it was created: 1 for the first.</param>
/// <param name="Lease">The lease that the key is attached to, or 0.</param>
public sealed record KeyValue(Bytes Key, Bytes Value, long CreateRevision, long ModRevision, long Version, long Lease)
{
    /// <summary>What it counts against the quota and the length of the history, in bytes.</summary>
    internal long Cost => Limits.RecordOverhead + Key.Length + Value.Length;
}

/// <summary>What happened to a key.</summary>
public enum EventKind
{
    /// <summary>It was written.</summary>
    Put,

    /// <summary>It was deleted.</summary>
    Delete,
}

/// <summary>One change of one key.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="KeyValue">What is there now.</param>
/// <param name="Previous">What was there before; null when the key was new, or when that has been compacted.</param>
public sealed record Event(EventKind Kind, KeyValue KeyValue, KeyValue? Previous)
{
    /// <summary>The revision that did it.</summary>
    public long Revision => KeyValue.ModRevision;

    /// <summary>Bytes of all events up to this one, itself included, counted from wherever its log began to count.</summary>
    internal long Total { get; init; }
}

/// <summary>A lease: keys attached to it live as long as it does.</summary>
/// <param name="Id">Chosen by the client or by whoever proposes the grant; not 0.</param>
/// <param name="Seconds">How long it lives without being kept alive.</param>
/// <param name="GrantedAt">The log index of its grant, which tells it from another lease of the same id.</param>
public sealed record Lease(long Id, long Seconds, long GrantedAt);

/// <summary>Why the store as a whole refuses something.</summary>
public enum AlarmKind
{
    /// <summary>Any, where alarms are asked for.</summary>
    None,

    /// <summary>The quota is exceeded.</summary>
    NoSpace,

    /// <summary>A member's data is not what the others have.</summary>
    Corrupt,
}

/// <summary>An alarm that a member raised.</summary>
public readonly record struct Alarm(ulong Member, AlarmKind Kind);
