using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Voters;

/// <content>The two parts that an agent can have.</content>
internal sealed partial class ParticipantRun
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(10), DoubtAfter = TimeSpan.FromSeconds(1), LookAfter = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetireWithin = TimeSpan.FromSeconds(1), RetiredFor = TimeSpan.FromSeconds(5);

    private string _tolerated = "";

    /// <summary>Keeps no store, and asks those who do, until the leader wants this agent to keep it.</summary>
    private async Task<Keeper> FollowAsync(CancellationToken cancel)
    {
        _upstreams.Follow([.. _identity.Peers.Select(PeerIdentity.Of)]);

        // Who is refused for good is to say nothing of itself in the store first.
        await LookForVotersAsync(cancel);
        if (_ready.TrySetResult()) _log.Say($"follows the mesh {_identity.Cluster} as {_identity.Member}, by {_upstreams.Present}");
        while (true)
        {
            var (appointed, trouble) = (_appointments.Next, _upstreams.Trouble);
            if (!appointed.IsCompleted) await Task.WhenAny(appointed, trouble, Task.Delay(AskAgainAfter, _time, cancel));
            cancel.ThrowIfCancellationRequested();
            if (appointed.IsCompleted)
            {
                if (await BecomeKeeperAsync(await appointed, cancel) is { } keeper) return keeper;
            }
            else
            {
                await ToleratingAsync(() => LookForVotersAsync(cancel));
                if (trouble.IsCompleted) await Task.Delay(DoubtAfter, _time, cancel);
            }
        }
    }

    // Learns who votes now, and remembers it: so this agent finds its mesh again without being told.
    private async Task LookForVotersAsync(CancellationToken cancel)
    {
        var known = _identity.Peers.Select(static one => PeerIdentity.Of(one).Api);
        var (response, _) = await new Joining(_calls, _time, _log.Say).AskAsync(Self, _identity.ClusterId, [.. known.Concat(_options.Peers).Distinct()], cancel);
        if (response is null) return;
        var voters = PeerIdentity.ReadAll(response.Members, FoundingTalk.MostPeers);
        if (voters.Count > 0)
        {
            if (!ToKnown(voters).SequenceEqual(_identity.Peers)) Remember(_identity with { Peers = ToKnown(voters) });
            _talk.Know(voters);
            _upstreams.Follow(voters);
        }

        // It was told so and ended before it had noted it.
        if (response.Standing is Standing.Learner or Standing.Voter && Volunteers) _ = _appointments.AppointAsync(voters, "it is a member already", cancel);
    }

    private async Task<Keeper?> BecomeKeeperAsync(Appointment appointment, CancellationToken cancel)
    {
        var before = _identity;
        try
        {
            if (_identity.HasKept) CheckLog(_identity);
            MakeLogFolder();

            // Noted before anything is acknowledged: a log that is missing then is missed.
            Remember(_identity with { IsAgent = false, HasKept = true, Peers = ToKnown(appointment.Members) });
            var keeper = await OpenAsync(_identity, cancel);
            _log.Say($"keeps the store from now on: {appointment.Reason}");
            return keeper;
        }
        catch (Exception e) when (IsExpected(e))
        {
            Remember(before with { HasKept = _identity.HasKept });
            _log.Warn($"cannot keep the store: {e.Message}");
            _appointments.Answer(e.Message);
            return null;
        }
    }

    /// <summary>Keeps the store until the leader does not want it any more.</summary>
    private async Task KeepAsync(Keeper keeper, CancellationToken cancel)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Volatile.Write(ref _keeper, keeper);
        _appointments.Answer("");
        if (keeper.Node.Voters.Contains(_identity.MemberId)) Serve(keeper);
        var registering = keeper.RegisterAsync(Self, _options.Listen is null ? [$"unix://{_place.Socket}"] : null, !_identity.HasJoined, until.Token);
        var (serving, doubting) = (ServeAsync(keeper, until.Token), DoubtAsync(keeper, until.Token));
        await Task.WhenAny(keeper.Failed, doubting, Unless(registering));
        await until.CancelAsync();
        await Task.WhenAll(registering, serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (keeper.Failed.IsFaulted) await keeper.Failed;
        if (registering.IsFaulted) await registering;
        var reason = await doubting;
        await EndAsync(keeper);
        _log.Say($"keeps the store no more: {reason}");
    }

    // Ends only by a failure.
    private static async Task Unless(Task task)
    {
        await task;
        await Task.Delay(Timeout.InfiniteTimeSpan);
    }

    // Serves once it votes and knows a leader; has others serve when it is about to lose its vote, and again itself when it was left with it.
    private async Task ServeAsync(Keeper keeper, CancellationToken cancel)
    {
        while (true)
        {
            while (!_late.IsThere && !(keeper.Node.Leadership.IsKnown && keeper.Node.Voters.Contains(_identity.MemberId))) await Task.Delay(LookAfter, _time, cancel);
            if (!_late.IsThere) Serve(keeper);
            await _appointments.Retiring.WaitAsync(cancel);
            HaveServed(VotersBut(keeper));
            var began = _time.GetTimestamp();
            while (keeper.Node.Pending > 0 && _time.GetElapsedTime(began) < RetireWithin) await Task.Delay(LookAfter, _time, cancel);
            _appointments.Retired();
            await Task.Delay(RetiredFor, _time, cancel);
        }
    }

    private void Serve(Keeper keeper)
    {
        _late.Become(keeper.Node);
        _upstreams.Rest();
        _changes.Open(keeper.Membership);
        _talk.Open(keeper);
        EndStreams();
        _ready.TrySetResult();
        _log.Say($"open: member {_identity.Member} of the cluster {_identity.Cluster}, at revision {keeper.Node.View.Revision}");
    }

    private void HaveServed(IReadOnlyList<PeerIdentity> voters)
    {
        _talk.Know(voters);
        _talk.Open(null);
        _changes.Open(null);
        _upstreams.Follow(voters);
        _late.Become(null);
        EndStreams();
    }

    private IReadOnlyList<PeerIdentity> VotersBut(Keeper keeper) =>
        [.. keeper.Node.View.Members.Values.Where(one => !one.IsLearner && one.Id != _identity.MemberId).Select(MemberUrls.ToPeer).OfType<PeerIdentity>()];

    private async Task EndAsync(Keeper keeper)
    {
        var voters = VotersBut(keeper);
        if (voters.Count == 0) voters = [.. _identity.Peers.Select(PeerIdentity.Of).Where(one => one.Member != _identity.MemberId)];
        _appointments.GaveUp();
        HaveServed(voters);
        Volatile.Write(ref _keeper, null);
        await keeper.DisposeAsync();
        Remember(_identity with { IsAgent = true, HasJoined = true, Peers = ToKnown(voters) });
    }

    // Whoever was taken out while it was away, or by a leader that could not tell it, hears no leader. Those who have one know.
    private async Task<string> DoubtAsync(Keeper keeper, CancellationToken cancel)
    {
        var dismissed = _appointments.Dismissed;
        while (true)
        {
            await Task.WhenAny(dismissed, Task.Delay(DoubtAfter, _time, cancel));
            cancel.ThrowIfCancellationRequested();
            if (dismissed.IsCompleted) return await dismissed;
            var others = keeper.Node.View.Members.Values.Select(MemberUrls.ToPeer).OfType<PeerIdentity>().Concat(_identity.Peers.Select(PeerIdentity.Of))
                .Where(one => one.Member != _identity.MemberId).Select(static one => one.Api).Distinct().ToList();
            if (others.Count == 0 || keeper.Node.Leadership.IsKnown) continue;
            JoinResponse? response = null;
            await ToleratingAsync(async () => (response, _) = await new Joining(_calls, _time, static _ => { }).AskAsync(Self, _identity.ClusterId, others, cancel));
            if (response is { Standing: Standing.Agent }) return "the mesh has taken it out";
        }
    }

    // At the start a strange mesh ends the agent. One that appears later, where a member was, is told once: what runs goes on.
    private async Task ToleratingAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (MeshException e)
        {
            if (e.Message != _tolerated) _log.Warn(e.Message);
            _tolerated = e.Message;
        }
    }
}
