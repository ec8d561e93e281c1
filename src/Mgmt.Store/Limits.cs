namespace Mgmt.Store;

/// <summary>The bounds that every voter shares; were one of them a flag, voters could come to differ.</summary>
public static class Limits
{
    /// <summary>The longest request, encoded: 1.5 MiB, as etcd's.</summary>
    public const int RequestBytes = 3 * 1024 * 1024 / 2;

    /// <summary>The most compares, or operations of one branch, of a transaction, those of nested transactions counted in.</summary>
    public const int TxnOperations = 128;

    /// <summary>The shortest lease in seconds: what etcd gives at its usual election timeout.</summary>
    public const long MinLeaseSeconds = 2;

    /// <summary>The longest lease in seconds.</summary>
    public const long MaxLeaseSeconds = 9_000_000_000;

    /// <summary>The store's quota in bytes unless another is asked for.</summary>
    public const long Quota = 2L * 1024 * 1024 * 1024;

    /// <summary>How many revisions of history are kept at least, unless they are more than <see cref="HistoryBytes"/>.</summary>
    public const int HistoryRevisions = 100_000;

    /// <summary>How many bytes of history are kept at least, unless they are more than <see cref="HistoryRevisions"/>.</summary>
    public const long HistoryBytes = 256L * 1024 * 1024;

    /// <summary>How many members there may be, learners counted in.</summary>
    public const int Members = 10_000;

    /// <summary>How many URLs of each kind a member may have.</summary>
    public const int MemberUrls = 16;

    /// <summary>How long a member's name or one of its URLs may be, in bytes of UTF-8.</summary>
    public const int MemberTextBytes = 1024;

    /// <summary>What a record costs beside its key and value: about what it takes in memory.</summary>
    internal const int RecordOverhead = 256;

    /// <summary>What a lease costs.</summary>
    internal const int LeaseOverhead = 64;

    /// <summary>How many alarms are kept: more than there can be members.</summary>
    internal const int Alarms = 128;
}
