using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

/// <summary>
/// Members of one group that are due together are checked together. What makes them due together is what they have in common: the same plan brought them, the same predecessors let them
/// go, the same deadline came. Who is due waits for the first watch of others, which will let them start at once, and for nothing else: not for who must rest, is held or is failing.
/// </summary>
internal sealed partial class RunnerCore
{
    private static bool IsOneOfSeveral(RunnerVertex vertex) => vertex.Group.Members.Count > 1 && vertex.IsJoint;

    private void TryStartTogether(RunnerGroup group)
    {
        if (AwaitsFirstWatch(group)) return;
        var able = group.Members.Where(member => IsAble(member) && TakeToken(member)).ToList();
        if (able.Count == 0 || !TakeSemaphores(able, out var semaphores)) return;
        foreach (var member in able) member.Hold = Hold.None;
        if (able.Count == 1) Start(able[0]);
        else _commands.Add(new RunnerCommand.CheckTogether(new JointRun([.. able.Select(member => new JointPart(member, Begin(member)))], semaphores)));
        foreach (var member in able) Touch(member);
    }

    // The search goes on where it ended the last time: watches open in about the order of the members.
    private bool AwaitsFirstWatch(RunnerGroup group)
    {
        for (var i = 0; i < group.Members.Count; i++)
        {
            if (IsOpeningFirstWatch(group.Members[group.Awaited])) return true;
            group.Awaited = (group.Awaited + 1) % group.Members.Count;
        }

        return false;
    }

    private bool IsOpeningFirstWatch(RunnerVertex member) =>
        member.IsJoint && MayBegin(member) && member.Hold == Hold.None && (member.Watch == WatchState.Closed || IsFirstWatchOpening(member));

    /// <summary>Nothing stands in its way but, perhaps, a semaphore.</summary>
    private bool IsAble(RunnerVertex member) =>
        member.IsJoint && MayBegin(member) && member.Hold is Hold.None or Hold.Semaphore && member.Watch != WatchState.Closed && !IsFirstWatchOpening(member);

    /// <summary>Takes what all need, or lets all wait.</summary>
    private bool TakeSemaphores(List<RunnerVertex> members, out IReadOnlyList<string> taken)
    {
        taken = _semaphores.IdsOf(members);
        if (_semaphores.TryTake(taken) is not { } full) return true;
        foreach (var member in members)
        {
            if (member.Hold == Hold.Semaphore && member.HeldBy == full) continue;
            _semaphores.Queue(full, member);
            Keep(member, Hold.Semaphore, full);
        }

        return false;
    }

    private void OnJointEnded(JointRun run, IReadOnlyList<CheckResult> results, TimeSpan took)
    {
        _semaphores.Release(run.Semaphores);

        // All are judged before any is settled, so that what they make due together starts together.
        for (var i = 0; i < run.Parts.Count; i++)
        {
            if (!run.Parts[i].HasEnded) Judge(run.Parts[i].Vertex, results[i], took);
            run.Parts[i].HasEnded = true;
        }

        foreach (var part in run.Parts) Leave(part.Vertex);

        WakeSemaphoreWaiters();
    }

    private void OnPartEnded(JointPart part, CheckResult result, TimeSpan took)
    {
        if (part.HasEnded) return;
        part.HasEnded = true;
        Judge(part.Vertex, result, took);
        Touch(part.Vertex);
    }
}
