using Mgmt.Mesh.Client;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Place;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Voters;

/// <summary>What this agent says of itself in the store: its card, and with it whether it volunteers to vote.</summary>
internal sealed class Presence
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15), LeaveWithin = TimeSpan.FromSeconds(10), HandOverWithin = TimeSpan.FromSeconds(6), LookAgainAfter = TimeSpan.FromMilliseconds(50), HopeFor = TimeSpan.FromSeconds(2);

    private readonly ParticipantRun _run;
    private readonly ParticipantOptions _options;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _since;

    public Presence(ParticipantRun run, ParticipantOptions options, StoreClient client, TimeProvider time)
    {
        (_run, _options, _time, _since) = (run, options, time, time.GetUtcNow());
        Keys = new(client, Lease, time);
    }

    /// <summary>What is kept there.</summary>
    public LeasedKeys Keys { get; }

    public async Task RunAsync(Task ready, CancellationToken cancel)
    {
        await ready.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ready.IsCompletedSuccessfully) return;
        try
        {
            await _run.InMesh.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Say(isLeaving: false);
        await Keys.RunAsync(cancel);
    }

    /// <summary>Has another take this one's place if it votes and there is another, and hands over if it leads.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            if (_run.Keeper is { } keeper && HasHeir(keeper))
            {
                limit.CancelAfter(LeaveWithin);
                Say(isLeaving: true);
                await AwaitHeirAsync(limit.Token);
            }
            else if (_run.Keeper is { } only)
            {
                limit.CancelAfter(HandOverWithin);
                await only.HandOverAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // It goes as it is: the others notice.
        }
    }

    // When all stop at once, each one's heirs go as well: then nobody waits for long.
    private async Task AwaitHeirAsync(CancellationToken cancel)
    {
        var hoped = _time.GetTimestamp();
        while (_run.Keeper is { } keeper && _time.GetElapsedTime(hoped) < HopeFor)
        {
            await Task.Delay(LookAgainAfter, _time, cancel);
            if (HasHeir(keeper) || IsBeingReplaced(keeper)) hoped = _time.GetTimestamp();
        }
    }

    // Somebody who volunteers, does not vote yet, and stays.
    private static bool HasHeir(Keeper keeper) => keeper.Node.Leadership.IsKnown && Staying(keeper).Any(one => one.Volunteers && !keeper.Node.Voters.Contains(one.MemberId));

    // The heir votes already: as many as now, there are only until somebody who stays has this one go. Nobody may lead for a moment then.
    private static bool IsBeingReplaced(Keeper keeper) =>
        keeper.Node.Voters.Count % 2 == 0 && Staying(keeper).Any(one => one.MemberId != keeper.Node.Member && keeper.Node.Voters.Contains(one.MemberId));

    private static IEnumerable<AgentCard> Staying(Keeper keeper) =>
        keeper.Node.View.Read(new Operation.Range(KeyRange.Prefix(Bytes.Of(MastersKeys.Agents)))) is Response.Range range
            ? range.KeyValues.Select(static one => AgentCard.Decode(one.Value.Span)).OfType<AgentCard>().Where(static one => !one.IsLeaving) : [];

    private void Say(bool isLeaving)
    {
        var self = _run.Self;
        var card = new AgentCard
        {
            Member = StoreIdentity.Hex(self.Member), Host = self.Name, Zone = _options.Zone, Api = self.Api.ToString(), Raft = self.Raft.ToString(), Version = _options.Version,
            Since = _since, Volunteers = _run.Volunteers, IsLeaving = isLeaving,
        };
        Keys.Set(MastersKeys.Agents + self.Name, card.Encode());
    }
}
