using Mgmt.Linux.Memory;

namespace Mgmt.Resources.Luks;

/// <summary>How an order ended.</summary>
public enum LuksOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>There was nothing to do.</summary>
    Already,

    /// <summary>It takes a passphrase.</summary>
    NeedsKey,

    /// <summary>The passphrase is not right.</summary>
    WrongKey,

    /// <summary>It cannot be done.</summary>
    Failed,

    /// <summary>The graph has no encrypted disk of that name.</summary>
    Unknown,
}

/// <summary>How an order ended, and a sentence about it.</summary>
public sealed record LuksAnswer(LuksOutcome Outcome, string Message);

/// <summary>What somebody wants of a disk now. It is carried out by the resource's next check, so that nothing that depends on it runs meanwhile.</summary>
/// <param name="isLock">Whether it is to be closed; else opened.</param>
/// <param name="key">The passphrase, which stays the asker's; null for none.</param>
internal sealed class LuksOrder(bool isLock, LockedBytes? key)
{
    private readonly TaskCompletionSource<LuksAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool IsLock => isLock;

    internal LockedBytes? Key => key;

    internal Task<LuksAnswer> Answered => _answer.Task;

    /// <summary>Answers, unless that was done already.</summary>
    internal void Answer(LuksOutcome outcome, string message) => _answer.TrySetResult(new(outcome, message));
}
