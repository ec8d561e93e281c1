using System.Buffers.Binary;
using DotNext.Net.Cluster;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>The term and this member's vote in it, on the disk before anybody hears of them.</summary>
internal sealed class Ballot : IDisposable
{
    private static readonly int IdSize = ClusterMemberId.Size;
    private readonly Lock _gate = new();
    private readonly SlotFile _file;
    private long _term;
    private ClusterMemberId? _vote;

    private Ballot(SlotFile file)
    {
        _file = file;
        if (file.Content is not { Length: > 0 } content) return;
        _term = BinaryPrimitives.ReadInt64LittleEndian(content);
        if (content.Length == 8 + IdSize) _vote = new ClusterMemberId(content.AsSpan(8));
    }

    public long Term => Volatile.Read(ref _term);

    public static Ballot Open(string path) => new(SlotFile.Open(path, 512));

    /// <summary>Whether this member's vote is still free, or is this one.</summary>
    public bool IsFreeFor(in ClusterMemberId id)
    {
        lock (_gate) return _vote is not { } vote || vote == id;
    }

    /// <summary>Begins the next term with a vote.</summary>
    public long Increment(in ClusterMemberId vote)
    {
        lock (_gate)
        {
            Write(_term + 1, vote);
            return _term;
        }
    }

    /// <summary>Goes on to a later term.</summary>
    public void Update(long term, bool forgetVote)
    {
        lock (_gate)
        {
            if (term > _term) Write(term, forgetVote ? null : _vote);
        }
    }

    public void Vote(in ClusterMemberId vote)
    {
        lock (_gate) Write(_term, vote);
    }

    public void Dispose() => _file.Dispose();

    private void Write(long term, ClusterMemberId? vote)
    {
        var content = new byte[vote is null ? 8 : 8 + IdSize];
        BinaryPrimitives.WriteInt64LittleEndian(content, term);
        if (vote is { } id) id.Format(content.AsSpan(8));
        _file.Write(content);
        _vote = vote;
        Volatile.Write(ref _term, term);
    }
}
