using System.Collections.Concurrent;
using Mgmt.Mesh.Node;
using Mgmt.Store;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Masters;

/// <summary>What a leader sees of its mesh: what the state says, and who answers.</summary>
/// <param name="node">The store.</param>
/// <param name="probe">Asks a member for the end of its log; -1 when it does not answer.</param>
/// <param name="time">Measures silence.</param>
internal sealed class Lookout(StoreNode node, Func<ulong, CancellationToken, ValueTask<long>> probe, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    // Who was silent for this long was lost sight of, which counts against it for a while.
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(2), LossesCount = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<ulong, Heard> _heard = new();
    private readonly Dictionary<ulong, List<long>> _losses = [];
    private Dictionary<string, (long Revision, AgentCard? Card)> _cards = [];
    private long _since;

    /// <summary>The cards of all agents that can be read, by their hosts' names.</summary>
    public IReadOnlyDictionary<string, (AgentCard Card, long Since)> Cards { get; private set; } = new Dictionary<string, (AgentCard, long)>();

    /// <summary>A new leader has seen nobody yet.</summary>
    public void Begin()
    {
        _since = time.GetTimestamp();
        _heard.Clear();
        _losses.Clear();
    }

    /// <summary>Asks all members, and waits a short while for their answers.</summary>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        var members = node.Voters.Concat(node.View.Members.Values.Where(static one => one.Name.Length > 0).Select(static one => one.Id)).Distinct().Where(one => one != node.Member);
        await Task.WhenAll(members.Select(one => ProbeAsync(one, cancel)));
    }

    /// <summary>The mesh as it is now.</summary>
    public MeshSight See()
    {
        var view = node.View;
        var voters = node.Voters.ToHashSet();
        ReadCards(view);
        return new()
        {
            Leader = node.Member,
            IdealSize = SizeOf(view),
            Members = [.. voters.Union(view.Members.Keys).Select(one => See(view, one, voters.Contains(one)))],
            Volunteers = [.. Cards.Values.Where(one => one.Card.Volunteers && IsOwn(view, one.Card)).Select(one => new SeenVolunteer(one.Card, one.Since, LossesOf(one.Card.MemberId), RoundTripOf(one.Card.MemberId)))],
            Drained = [.. Below(view, MastersKeys.Drained).Select(static one => one.Member)],
            Wishes = Below(view, MastersKeys.Wishes).ToDictionary(static one => one.Member, static one => MastersKeys.WishOf(one.Value.Span)),
        };
    }

    // A card is its host's own; but which member it names, only the members' list can say.
    private static bool IsOwn(StoreView view, AgentCard card) => !view.Members.TryGetValue(card.MemberId, out var member) || member.Name.Length == 0 || member.Name == card.Host;

    private static int SizeOf(StoreView view) =>
        Read(view, KeyRange.Single(Bytes.Of(MastersKeys.Size))) is [var size, ..] ? MastersKeys.SizeOf(size.Value.Span, Founding.FoundingTalk.IdealSize) : Founding.FoundingTalk.IdealSize;

    private static IEnumerable<(ulong Member, Bytes Value)> Below(StoreView view, string prefix)
    {
        foreach (var one in Read(view, KeyRange.Prefix(Bytes.Of(prefix))))
        {
            if (MastersKeys.MemberOf(prefix, one.Key.ToString()) is not 0 and var member) yield return (member, one.Value);
        }
    }

    private static IReadOnlyList<KeyValue> Read(StoreView view, KeyRange keys) => view.Read(new Operation.Range(keys)) is Response.Range range ? range.KeyValues : [];

    private async Task ProbeAsync(ulong member, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        var asked = time.GetTimestamp();
        try
        {
            if (await probe(member, limit.Token) is >= 0 and var last) _heard[member] = new(time.GetTimestamp(), last, time.GetElapsedTime(asked));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // It is silent.
        }

        if (_heard.TryGetValue(member, out var heard) && !heard.IsLost && time.GetElapsedTime(heard.At) > LostAfter)
        {
            _heard[member] = heard with { IsLost = true };
            lock (_losses) (_losses.TryGetValue(member, out var all) ? all : _losses[member] = []).Add(time.GetTimestamp());
        }
    }

    private SeenMember See(StoreView view, ulong id, bool hasVote)
    {
        var record = view.Members.TryGetValue(id, out var member) ? member.IsLearner ? MemberRecord.Learner : MemberRecord.Voter : MemberRecord.None;
        var name = member?.Name ?? "";
        if (id == node.Member) return new(id, name, hasVote, record, TimeSpan.Zero, 0);
        if (!_heard.TryGetValue(id, out var heard)) return new(id, name, hasVote, record, time.GetElapsedTime(_since), null);

        // Who only learns gets nothing before it is let in: it is brought up to date then, and votes after.
        return new(id, name, hasVote, record, time.GetElapsedTime(heard.At), hasVote ? Math.Max(0, node.CommittedIndex - heard.Last) : 0);
    }

    private int LossesOf(ulong member)
    {
        lock (_losses)
        {
            if (!_losses.TryGetValue(member, out var all)) return 0;
            all.RemoveAll(one => time.GetElapsedTime(one) > LossesCount);
            return all.Count;
        }
    }

    private TimeSpan? RoundTripOf(ulong member) => _heard.TryGetValue(member, out var heard) ? heard.RoundTrip : null;

    private void ReadCards(StoreView view)
    {
        var before = _cards;
        _cards = [];
        var sound = new Dictionary<string, (AgentCard, long)>(StringComparer.Ordinal);
        foreach (var one in Read(view, KeyRange.Prefix(Bytes.Of(MastersKeys.Agents))))
        {
            var host = one.Key.ToString()[MastersKeys.Agents.Length..];
            var card = before.TryGetValue(host, out var known) && known.Revision == one.ModRevision ? known.Card : AgentCard.Decode(one.Value.Span);
            _cards[host] = (one.ModRevision, card);
            if (card is not null && card.Host == host) sound[host] = (card, one.CreateRevision);
        }

        Cards = sound;
    }

    private sealed record Heard(long At, long Last, TimeSpan RoundTrip, bool IsLost = false);
}
