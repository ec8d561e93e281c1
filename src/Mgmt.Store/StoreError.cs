namespace Mgmt.Store;

/// <summary>gRPC's status codes that the store answers with.</summary>
public enum StatusCode
{
    /// <summary>No error.</summary>
    Ok,

    /// <summary>The request is wrong by itself.</summary>
    InvalidArgument = 3,

    /// <summary>What it names does not exist.</summary>
    NotFound = 5,

    /// <summary>There is no room.</summary>
    ResourceExhausted = 8,

    /// <summary>The state does not allow it.</summary>
    FailedPrecondition = 9,

    /// <summary>A revision or a time outside of what there is.</summary>
    OutOfRange = 11,

    /// <summary>Nobody can do it now; another time, or another member, may.</summary>
    Unavailable = 14,

    /// <summary>The data is not to be trusted.</summary>
    DataLoss = 15,
}

/// <summary>Why a request was refused, in etcd's words: its clients tell errors apart by the text.</summary>
public sealed record StoreError(StatusCode Code, string Message)
{
    /// <summary>No key was given.</summary>
    public static StoreError EmptyKey { get; } = new(StatusCode.InvalidArgument, "etcdserver: key is not provided");

    /// <summary>The key whose value or lease is to stay does not exist.</summary>
    public static StoreError KeyNotFound { get; } = new(StatusCode.InvalidArgument, "etcdserver: key not found");

    /// <summary>A value was given, and the present one is to stay.</summary>
    public static StoreError ValueProvided { get; } = new(StatusCode.InvalidArgument, "etcdserver: value is provided");

    /// <summary>A lease was given, and the present one is to stay.</summary>
    public static StoreError LeaseProvided { get; } = new(StatusCode.InvalidArgument, "etcdserver: lease is provided");

    /// <summary>More than <see cref="Limits.TxnOperations"/>.</summary>
    public static StoreError TooManyOperations { get; } = new(StatusCode.InvalidArgument, "etcdserver: too many operations in txn request");

    /// <summary>A transaction would write a key twice, or write one that it deletes.</summary>
    public static StoreError DuplicateKey { get; } = new(StatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request");

    /// <summary>The revision is not kept any more.</summary>
    public static StoreError Compacted { get; } = new(StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted");

    /// <summary>The revision does not exist yet.</summary>
    public static StoreError FutureRevision { get; } = new(StatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision");

    /// <summary>The quota is exceeded.</summary>
    public static StoreError NoSpace { get; } = new(StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded");

    /// <summary>Longer than <see cref="Limits.RequestBytes"/>.</summary>
    public static StoreError RequestTooLarge { get; } = new(StatusCode.InvalidArgument, "etcdserver: request is too large");

    /// <summary>No such lease.</summary>
    public static StoreError LeaseNotFound { get; } = new(StatusCode.NotFound, "etcdserver: requested lease not found");

    /// <summary>The id is taken.</summary>
    public static StoreError LeaseExists { get; } = new(StatusCode.FailedPrecondition, "etcdserver: lease already exists");

    /// <summary>Longer than <see cref="Limits.MaxLeaseSeconds"/>.</summary>
    public static StoreError LeaseTooLong { get; } = new(StatusCode.OutOfRange, "etcdserver: too large lease TTL");

    /// <summary>A member's data differs from the others'.</summary>
    public static StoreError Corrupt { get; } = new(StatusCode.DataLoss, "etcdserver: corrupt cluster");

    /// <summary>There is no leader. The request was not done and will not be.</summary>
    public static StoreError NoLeader { get; } = new(StatusCode.Unavailable, "etcdserver: no leader");

    /// <summary>The leader changed under the request. It may have been done.</summary>
    public static StoreError LeaderChanged { get; } = new(StatusCode.Unavailable, "etcdserver: leader changed");

    /// <summary>The request took too long. It may have been done, or may yet be.</summary>
    public static StoreError TimedOut { get; } = new(StatusCode.Unavailable, "etcdserver: request timed out");

    /// <summary>The member is about to end.</summary>
    public static StoreError Stopped { get; } = new(StatusCode.Unavailable, "etcdserver: server stopped");

    /// <summary>More requests are on their way than may be.</summary>
    public static StoreError TooManyRequests { get; } = new(StatusCode.ResourceExhausted, "etcdserver: too many requests");

    /// <summary>Only the leader can do this.</summary>
    public static StoreError NotLeader { get; } = new(StatusCode.FailedPrecondition, "etcdserver: not leader");

    /// <summary>The leadership cannot go to that member.</summary>
    public static StoreError BadTransferee { get; } = new(StatusCode.FailedPrecondition, "etcdserver: bad leader transferee");

    /// <summary>No such member.</summary>
    public static StoreError MemberNotFound { get; } = new(StatusCode.NotFound, "etcdserver: member not found");

    /// <summary>The member has its vote already.</summary>
    public static StoreError MemberExists { get; } = new(StatusCode.FailedPrecondition, "etcdserver: member ID already exist");

    /// <summary>A member without an id, or a name or URLs beyond the bounds. etcd has the text for URLs only.</summary>
    public static StoreError BadMember { get; } = new(StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid");

    /// <summary>More than <see cref="Limits.Members"/>. The text is ours: etcd has no such bound.</summary>
    public static StoreError TooManyMembers { get; } = new(StatusCode.ResourceExhausted, "etcdserver: too many members in cluster");

    /// <summary>The change would leave too few members that work.</summary>
    public static StoreError NotEnoughStarted { get; } = new(StatusCode.FailedPrecondition, "etcdserver: re-configuration failed due to not enough started members");

    /// <summary>Members needed for the change do not answer.</summary>
    public static StoreError Unhealthy { get; } = new(StatusCode.Unavailable, "etcdserver: unhealthy cluster");
}
