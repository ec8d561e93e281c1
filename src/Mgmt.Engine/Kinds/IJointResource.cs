namespace Mgmt.Engine.Kinds;

/// <summary>
/// A resource that can be checked together with the others of its group, where that is cheaper than one after the other: one transaction for all that are out of order.
/// </summary>
public interface IJointResource : IResource
{
    /// <summary>
    /// Checks members of one group together. Each has its own result: what is wrong with one does not fail the others. An expected failure is a
    /// <see cref="CheckResult.Failed"/> result; an exception is reported as a failure of every member.
    /// </summary>
    /// <param name="members">At least one, of one kind; this resource is the first.</param>
    /// <param name="cancel">Ends the check of all.</param>
    /// <returns>The results, in the order of the members.</returns>
    ValueTask<IReadOnlyList<CheckResult>> CheckTogetherAsync(IReadOnlyList<JointCheck> members, CancellationToken cancel);
}

/// <summary>One member's part of a joint check.</summary>
/// <param name="Resource">The member.</param>
/// <param name="Request">What is asked of it: members may differ in whether they may change the host, and in why they are checked.</param>
public readonly record struct JointCheck(IResource Resource, CheckRequest Request);
