using System.Buffers.Binary;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Raft;

/// <content>Proposals and questions: here when this member leads, otherwise at the leader's.</content>
public sealed partial class RaftNode
{
    private const byte Yes = 1;

    /// <inheritdoc/>
    public async ValueTask<Proposed> ProposeAsync(ReadOnlyMemory<byte> entry, CancellationToken cancel)
    {
        if (entry.IsEmpty || entry.Length > _log.MaxPayload) throw new ArgumentException($"an entry has 1 to {_log.MaxPayload} bytes, not {entry.Length}", nameof(entry));
        var leadership = Leadership;
        if (leadership.IsLocal) return ProposeHere(leadership.Term, entry);
        if (!leadership.IsKnown) return Proposed.Refused;
        var result = await _peers.To(leadership.Leader).CallAsync(CallKind.Propose, default, entry, cancel);
        return result.End switch
        {
            CallEnd.NotSent => Proposed.Refused,
            CallEnd.Lost => Proposed.Unknown,
            _ => result.Answer.Span is [(byte)Proposed.Appended] ? Proposed.Appended : result.Answer.Span is [(byte)Proposed.Refused] ? Proposed.Refused : Proposed.Unknown,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> AskLeaderAsync(ReadOnlyMemory<byte> question, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(question.Length, RecordCodec.MaxPayload, nameof(question));
        var leadership = Leadership;
        if (leadership.IsLocal) return await _replica.AnswerAsync(question, cancel);
        if (!leadership.IsKnown) return null;
        var result = await _peers.To(leadership.Leader).CallAsync(CallKind.Ask, default, question, cancel);
        return result.End == CallEnd.Answered && result.Answer.Length > 0 && result.Answer.Span[0] == Yes ? result.Answer[1..] : null;
    }

    // A leader that cannot write keeps the others, who can, from writing. Once it follows, its log is behind theirs, and nobody elects it before it has caught up.
    private void StepBackFor(LogException failure)
    {
        if (Interlocked.Exchange(ref _steppingBack, 1) != 0) return;
        var isAlone = Voters.Count < 2;
        _options.Notice?.Invoke(isAlone ? failure.Message : $"{failure.Message.TrimEnd('.')}; another member is to lead");
        _ = Task.Run(async () =>
        {
            try
            {
                if (!isAlone) await _raft.StepBackAsync(_closing.Token);
                await Task.Delay(StepBackPause, _time, _closing.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // This member ends.
            }
            finally
            {
                Volatile.Write(ref _steppingBack, 0);
            }
        });
    }

    /// <summary>The term that the entry gets is that of the leadership under which it came; the log refuses it when that is over.</summary>
    private Proposed ProposeHere(long term, ReadOnlyMemory<byte> entry)
    {
        if (_log.Last - _log.Committed > _options.MaxUncommitted) return Proposed.Refused;
        try
        {
            if (_log.Add(term, EntryKind.Command, entry) == 0) return Proposed.Refused;
        }
        catch (LogException e)
        {
            StepBackFor(e);
            return Proposed.Refused;
        }

        if (Interlocked.Exchange(ref _kicked, 1) == 0) _raft.Kick();
        return Proposed.Appended;
    }

    /// <summary>Answers other members' calls.</summary>
    private sealed class Calls(RaftNode node) : ICallHandler
    {
        public ValueTask<byte[]> AnswerAsync(ulong caller, CallKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancel) => kind switch
        {
            CallKind.Propose => new([(byte)Propose(payload)]),
            CallKind.Ask => AskAsync(payload, cancel),
            CallKind.ReadIndex => ReadIndexAsync(cancel),
            CallKind.Committed => CommittedAsync(payload, cancel),
            CallKind.Confirm => new([payload.Length == 8 && BinaryPrimitives.ReadInt64LittleEndian(payload.Span) is var term && node._log.Term <= term ? Yes : (byte)0]),
            CallKind.StandBack => node.StandBackFor(payload),
            _ => new([]),
        };

        private Proposed Propose(ReadOnlyMemory<byte> entry) =>
            node.Leadership is { IsLocal: true } leadership && !entry.IsEmpty && entry.Length <= node._log.MaxPayload ? node.ProposeHere(leadership.Term, entry) : Proposed.Refused;

        private async ValueTask<byte[]> AskAsync(ReadOnlyMemory<byte> question, CancellationToken cancel)
        {
            if (!node.Leadership.IsLocal || await node._replica.AnswerAsync(question, cancel) is not { } answer || answer.Length >= Frame.MaxPayload) return [];
            return [Yes, .. answer.Span];
        }

        private async ValueTask<byte[]> ReadIndexAsync(CancellationToken cancel)
        {
            if (!node.Leadership.IsLocal) return [];
            var (index, error) = await node.ReadIndexHereAsync(cancel);
            if (error is not null) return [];
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, index);
            return bytes;
        }

        private async ValueTask<byte[]> CommittedAsync(ReadOnlyMemory<byte> payload, CancellationToken cancel)
        {
            if (payload.Length != 16) return [];
            await node._log.CommitKnownAsync(BinaryPrimitives.ReadInt64LittleEndian(payload.Span), BinaryPrimitives.ReadInt64LittleEndian(payload.Span[8..]), cancel);
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, node._log.Last);
            return bytes;
        }
    }
}
