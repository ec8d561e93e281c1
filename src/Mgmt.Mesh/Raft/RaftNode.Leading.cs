using DotNext.Net.Cluster.Consensus.Raft;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Log;

namespace Mgmt.Mesh.Raft;

/// <content>What Raft tells of leaders. DotNext tells of one that is new, under its lock, but not of a new term of the same one, nor when this member stops.</content>
public sealed partial class RaftNode
{
    private long _leading;

    private void LeaderIs(RaftClusterMember? leader)
    {
        var id = MemberName.IdOf(leader?.EndPoint);
        _log.IsLeading = id == _options.Member;
        if (!_log.IsLeading)
        {
            _feed.Lead(_log.Term, id);
            return;
        }

        // A sole voter is told of itself before its state is there; its start calls again.
        var leading = _raft.ConsensusToken;
        if (leading.IsCancellationRequested) return;
        var term = _log.Term;
        _leading = term;
        _feed.Lead(term, id);
        leading.UnsafeRegister(_ => Stopped(term), null);
    }

    private void Stopped(long term)
    {
        // This may come late, when the member leads again.
        if (_leading == term) _log.IsLeading = false;
        _feed.Lead(term, 0);
    }

    /// <summary>A leader's message came: it is the leader of this term, whether it is news to DotNext or not.</summary>
    private void Follows()
    {
        _log.IsLeading = false;
        _feed.Lead(_log.Term, MemberName.IdOf(_raft.Leader?.EndPoint));
    }

    private void Told(Leadership leadership)
    {
        // Who waits for an answer of a member that leads no more gets none.
        _peers.HangUpBut(leadership.Leader);
        try
        {
            _replica.LeadershipChanged(leadership);
        }
        catch (Exception e)
        {
            _options.Failed?.Invoke(e);
        }
    }

    /// <summary>The others hear at once of what is committed, not only with the next entries.</summary>
    private void CommittedUpTo(long index, long term)
    {
        if (!_log.IsLeading || Voters.Count == 1) return;
        Span<byte> payload = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(payload, index);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(payload[8..], term);
        foreach (var voter in Voters)
        {
            if (voter != _options.Member) _peers.To(voter).Tell(Wire.CallKind.Committed, payload);
        }
    }
}
