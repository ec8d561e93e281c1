using Mgmt.Mesh.Consensus;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Mesh.Node;

/// <summary>
/// The state of one member: applies entries, hands answers to those who wait for them, and tells watches, leases and the home of it. Its home and its
/// watches lag behind the state by little, and hold it up when it would become much.
/// </summary>
internal sealed class Replica(
    StoreView start, PendingProposals pending, NodeWork work, HomeWriter home, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> answer) : IReplica
{
    private const int MostBehind = 10_000;
    private readonly AppliedGate _gate = new();
    private StoreMachine _machine = new(start);

    public StoreView View => _machine.View;

    public long AppliedIndex => View.Index;

    public IReplicaSnapshot Snapshot => home.Snapshot;

    public Task WaitAsync(long index, CancellationToken cancel) => index <= View.Index ? Task.CompletedTask : _gate.WaitAsync(index, cancel);

    public void Apply(long index, long term, ReadOnlySpan<byte> entry)
    {
        if (index <= View.Index) return;
        if (entry.IsEmpty) _machine.Pass(index, term);
        else Apply(index, term, Decode(index, entry));
        home.Offer(View, entry.Length);
        _gate.Advance(index);

        // Whoever is behind has work of microseconds for each entry: a long queue means that the processors are not enough, and writers must slow down.
        work.HoldUntil(MostBehind);
    }

    public async ValueTask InstallAsync(long index, long term, Stream content, CancellationToken cancel)
    {
        var view = await Task.Run(() => Read(content), cancel);
        if (view.Index != index || view.Term != term) throw new InvalidDataException($"cannot take a snapshot of index {view.Index} term {view.Term} that was declared as index {index} term {term}");
        if (index <= View.Index) return;
        await home.ReplaceAsync(view, cancel);
        Volatile.Write(ref _machine, new(view));
        work.Restart(view);
        _gate.Advance(index);
    }

    public void LeadershipChanged(Leadership leadership) => work.LeadershipChanged(leadership);

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancel) => answer(question, cancel);

    private static Proposal Decode(long index, ReadOnlySpan<byte> entry) =>
        CommandCodec.TryDecode(entry, out var proposal, out var problem) ? proposal : throw new InvalidDataException($"cannot apply log entry {index}: {problem}");

    private void Apply(long index, long term, Proposal proposal)
    {
        if (_machine.Apply(index, term, proposal) is not { } applied) return;
        pending.Answer(applied.Id, applied.Response);
        work.Follow(proposal.Command, applied);
    }

    private StoreView Read(Stream content) => SnapshotReader.TryRead(content, start.Cluster, out var view, out var problem) ? view : throw new InvalidDataException(problem);
}
