using System.Net;

namespace Mgmt.Mesh.Raft;

/// <summary>What a member of a Raft cluster is told at its start.</summary>
public sealed record RaftOptions
{
    /// <summary>The folder that is Raft's own: log, ballot, voters.</summary>
    public required string Folder { get; init; }

    /// <summary>The cluster's id; never 0.</summary>
    public required ulong Cluster { get; init; }

    /// <summary>This member's id; never 0.</summary>
    public required ulong Member { get; init; }

    /// <summary>
    /// The members that vote from the beginning, the same on each of them. Used once, while the folder is new; nobody: this member is to be added by the others.
    /// </summary>
    public IReadOnlyList<ulong> Founders { get; init; } = [];

    /// <summary>Where other members reach this one; null is nowhere, for a member that has no others.</summary>
    public required IPEndPoint? Listen { get; init; }

    /// <summary>How long a voter hears nothing of a leader before it may want to lead; the time of each is between these, at random.</summary>
    public (TimeSpan Least, TimeSpan Most) ElectionTimeout { get; init; } = (TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(900));

    /// <summary>How often the leader says that it is there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to try to reach a member, with all that must be said before the first message.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The bytes of one file of the log. An entry must fit in.</summary>
    public int SegmentBytes { get; init; } = 8 << 20;

    /// <summary>How many entries stay in the log behind the snapshot, for members that were away shortly; of at most 64 MiB.</summary>
    public long RetainedEntries { get; init; } = 5_000;

    /// <summary>What a snapshot from another member may have in bytes.</summary>
    public long MaxSnapshotBytes { get; init; } = 8L << 30;

    /// <summary>How many entries may wait to be committed before proposals are refused.</summary>
    public int MaxUncommitted { get; init; } = 20_000;

    /// <summary>Told when this member cannot go on and has to be started again, and why. By any thread.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Told what an operator may want to know, in a sentence. By any thread.</summary>
    public Action<string>? Notice { get; init; }
}
