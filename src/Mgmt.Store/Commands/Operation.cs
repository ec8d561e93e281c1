namespace Mgmt.Store.Commands;

/// <summary>What can be done to keys, alone or in a transaction: etcd's requests, option by option.</summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>Whether it changes nothing whatever the state: a range, or a transaction of nothing else. It needs no place in the log.</summary>
    public bool IsReadOnly => this is Range || (this is Txn txn && txn.Success.Concat(txn.Failure).All(static one => one.IsReadOnly));

    /// <summary>Whether all its ranges may be answered without asking the peers.</summary>
    public bool IsSerializable => this is Range { Serializable: true } || (this is Txn txn && txn.Success.Concat(txn.Failure).All(static one => one.IsSerializable));

    /// <summary>Reads keys.</summary>
    /// <param name="Keys">Which.</param>
    public sealed record Range(KeyRange Keys) : Operation
    {
        /// <summary>The most keys to answer with; 0 or less is all.</summary>
        public long Limit { get; init; }

        /// <summary>The revision to read at; 0 or less is the present one.</summary>
        public long Revision { get; init; }

        /// <summary>The order of the answer.</summary>
        public SortOrder Order { get; init; }

        /// <summary>What the order is by.</summary>
        public SortTarget Target { get; init; }

        /// <summary>Whether a member may answer without asking its peers. The machine does not care.</summary>
        public bool Serializable { get; init; }

        /// <summary>Leave the values out.</summary>
        public bool KeysOnly { get; init; }

        /// <summary>Answer with the number alone.</summary>
        public bool CountOnly { get; init; }

        /// <summary>Only keys last written at this revision or later, unless 0.</summary>
        public long MinModRevision { get; init; }

        /// <summary>Only keys last written at this revision or before, unless 0.</summary>
        public long MaxModRevision { get; init; }

        /// <summary>Only keys created at this revision or later, unless 0.</summary>
        public long MinCreateRevision { get; init; }

        /// <summary>Only keys created at this revision or before, unless 0.</summary>
        public long MaxCreateRevision { get; init; }
    }

    /// <summary>Writes a key.</summary>
    public sealed record Put(Bytes Key, Bytes Value) : Operation
    {
        /// <summary>The lease to attach the key to, or 0.</summary>
        public long Lease { get; init; }

        /// <summary>Answer with what was there before.</summary>
        public bool WantsPrevious { get; init; }

        /// <summary>Keep the present value.</summary>
        public bool IgnoreValue { get; init; }

        /// <summary>Keep the present lease.</summary>
        public bool IgnoreLease { get; init; }
    }

    /// <summary>Deletes keys.</summary>
    public sealed record DeleteRange(KeyRange Keys) : Operation
    {
        /// <summary>Answer with what was there before.</summary>
        public bool WantsPrevious { get; init; }
    }

    /// <summary>Does one list of operations if all compares hold, another if not, all at one revision.</summary>
    public sealed record Txn(IReadOnlyList<Compare> Compares, IReadOnlyList<Operation> Success, IReadOnlyList<Operation> Failure) : Operation;
}

/// <summary>The order of a range.</summary>
public enum SortOrder
{
    /// <summary>By key, ascending; or ascending by a target other than the key.</summary>
    None,

    /// <summary>Ascending.</summary>
    Ascend,

    /// <summary>Descending.</summary>
    Descend,
}

/// <summary>What a range is ordered by.</summary>
public enum SortTarget
{
    /// <summary>The key.</summary>
    Key,

    /// <summary>The version.</summary>
    Version,

    /// <summary>The revision that created the key.</summary>
    Create,

    /// <summary>The revision that wrote the key last.</summary>
    Mod,

    /// <summary>The value.</summary>
    Value,
}

/// <summary>How a compare must come out.</summary>
public enum CompareResult
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>The store's is greater.</summary>
    Greater,

    /// <summary>The store's is less.</summary>
    Less,

    /// <summary>Not the same.</summary>
    NotEqual,
}

/// <summary>What of a key is compared.</summary>
public enum CompareTarget
{
    /// <summary>The version.</summary>
    Version,

    /// <summary>The revision that created the key.</summary>
    Create,

    /// <summary>The revision that wrote the key last.</summary>
    Mod,

    /// <summary>The value.</summary>
    Value,

    /// <summary>The lease.</summary>
    Lease,
}

/// <summary>A condition of a transaction. It must hold for every key of the range; where there is none, it is held against zeros, and a value never holds.</summary>
/// <param name="Keys">Which keys.</param>
/// <param name="Target">What of them.</param>
/// <param name="Result">How it must compare.</param>
/// <param name="Number">What to compare with, for all targets but the value.</param>
/// <param name="Value">What to compare with, for the value.</param>
public sealed record Compare(KeyRange Keys, CompareTarget Target, CompareResult Result, long Number, Bytes Value);
