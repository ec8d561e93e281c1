using System.Collections.Immutable;
using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>What applying a log entry brought.</summary>
/// <param name="Id">Whose proposal it was.</param>
/// <param name="Response">The answer to it.</param>
/// <param name="View">The state after it.</param>
/// <param name="Events">What it did to keys, in order, all at the view's revision.</param>
public sealed record Applied(RequestId Id, Response Response, StoreView View, IReadOnlyList<Event> Events);

/// <summary>
/// The replicated state machine: the same entries in the same order give the same state, answers and events on every voter. It knows no time and no chance,
/// and belongs to one thread; what it hands out belongs to everybody.
/// </summary>
public sealed class StoreMachine(StoreView start)
{
    /// <summary>The state after the last entry.</summary>
    public StoreView View { get; private set; } = start;

    /// <summary>Applies an entry. Null when the state has it already: a snapshot may be ahead of the log.</summary>
    /// <param name="index">The entry's index in the log, ascending; some may be left out, such as Raft's own entries.</param>
    /// <param name="term">Raft's term of the entry.</param>
    /// <param name="proposal">The entry.</param>
    public Applied? Apply(long index, long term, Proposal proposal)
    {
        if (index <= View.Index) return null;
        var draft = new Draft(View, index, term);
        var error = Refusal(proposal.Command) ?? CommandCheck.Check(proposal.Command);
        var (response, next) = error is null ? Do(draft, proposal.Command) : (new Response.Failed(error), null);
        if (response is not Response.Failed && next is not null)
        {
            View = next;
            return new(proposal.Id, response, View, draft.Events);
        }

        // Refused: nothing of the draft counts, but the entry is behind us.
        View = new Draft(View, index, term).Seal();
        return new(proposal.Id, response, View, []);
    }

    /// <summary>Passes an entry that is not for this machine.</summary>
    public void Pass(long index, long term)
    {
        if (index > View.Index) View = new Draft(View, index, term).Seal();
    }

    // What alarms forbid: out of space, all that takes space; with a member's data in doubt, everything but alarms and the change of members that may end it.
    private StoreError? Refusal(Command command)
    {
        if (command is Command.AlarmChange or Command.MemberSet or Command.MemberRemove) return null;
        if (View.AlarmList.Any(static one => one.Kind == AlarmKind.Corrupt)) return StoreError.Corrupt;
        return Quota.CostOf(command) > 0 && View.AlarmList.Any(static one => one.Kind == AlarmKind.NoSpace) ? StoreError.NoSpace : null;
    }

    private (Response Response, StoreView? Next) Do(Draft draft, Command command)
    {
        switch (command)
        {
            case Command.Execute(var operation):
                var response = TxnRunner.Run(draft, operation);
                return (response, response is Response.Failed ? null : draft.Seal());
            case Command.Compact(var revision): return Compact(draft, revision);
            case Command.LeaseGrant(var id, var seconds): return Grant(draft, id, seconds);
            case Command.LeaseRevoke(var id): return Revoke(draft, id);
            case Command.LeaseExpire(var id, var grantedAt): return Expire(draft, id, grantedAt);
            case Command.AlarmChange(var action, var alarm): return ChangeAlarm(draft, action, alarm);
            case Command.MemberSet(var member): return SetMember(draft, member);
            case Command.MemberRemove(var id): return RemoveMember(draft, id);
            default: throw new ArgumentException($"unknown command {command}", nameof(command));
        }
    }

    private (Response Response, StoreView? Next) Compact(Draft draft, long revision)
    {
        if (revision <= View.CompactRevision) return (new Response.Failed(StoreError.Compacted), null);
        if (revision > View.Revision) return (new Response.Failed(StoreError.FutureRevision), null);
        return (new Response.Compact(View.Revision), draft.Compact(revision));
    }

    private (Response Response, StoreView? Next) Grant(Draft draft, long id, long seconds)
    {
        if (id == 0) return (new Response.Failed(StoreError.LeaseNotFound), null);
        if (seconds > Limits.MaxLeaseSeconds) return (new Response.Failed(StoreError.LeaseTooLong), null);
        if (View.LeaseMap.ContainsKey(id)) return (new Response.Failed(StoreError.LeaseExists), null);
        var lease = new Lease(id, Math.Max(seconds, Limits.MinLeaseSeconds), draft.Index);
        return (new Response.LeaseGrant(View.Revision, lease), draft.Grant(lease));
    }

    private (Response Response, StoreView? Next) Revoke(Draft draft, long id)
    {
        if (!View.LeaseMap.TryGetValue(id, out var lease)) return (new Response.Failed(StoreError.LeaseNotFound), null);
        var next = draft.EndLease(lease);
        return (new Response.LeaseEnd(next.Revision), next);
    }

    private (Response Response, StoreView? Next) Expire(Draft draft, long id, long grantedAt)
    {
        var isThere = View.LeaseMap.TryGetValue(id, out var lease) && lease.GrantedAt == grantedAt;
        var next = isThere ? draft.EndLease(lease!) : draft.Seal();
        return (new Response.LeaseEnd(next.Revision), next);
    }

    private (Response Response, StoreView? Next) SetMember(Draft draft, Member member)
    {
        var isNew = !View.MemberMap.ContainsKey(member.Id);
        if (isNew && View.MemberMap.Count >= Limits.Members) return (new Response.Failed(StoreError.TooManyMembers), null);
        return Seat(draft, View.MemberMap.SetItem(member.Id, member));
    }

    private (Response Response, StoreView? Next) RemoveMember(Draft draft, ulong id) =>
        View.MemberMap.ContainsKey(id) ? Seat(draft, View.MemberMap.Remove(id)) : (new Response.Failed(StoreError.MemberNotFound), null);

    private static (Response Response, StoreView? Next) Seat(Draft draft, ImmutableSortedDictionary<ulong, Member> members) =>
        (new Response.Members(draft.Revision, [.. members.Values]), draft.Seal(members: members));

    private static (Response Response, StoreView? Next) ChangeAlarm(Draft draft, AlarmAction action, Alarm alarm)
    {
        var raised = draft.Start.AlarmList;
        IReadOnlyList<Alarm> answer = [];
        switch (action)
        {
            case AlarmAction.Get:
                answer = alarm.Kind == AlarmKind.None ? raised : [.. raised.Where(one => one.Kind == alarm.Kind)];
                break;
            case AlarmAction.Activate when alarm.Kind != AlarmKind.None && (raised.Contains(alarm) || raised.Length < Limits.Alarms):
                answer = [alarm];
                if (!raised.Contains(alarm)) raised = [.. raised.Append(alarm).OrderBy(static one => (one.Kind, one.Member))];
                break;
            case AlarmAction.Deactivate when raised.Contains(alarm):
                answer = [alarm];
                raised = raised.Remove(alarm);
                break;
        }

        var next = draft.Seal(alarms: raised);
        return (new Response.Alarms(next.Revision, answer), next);
    }
}
