using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Mesh.Client;

/// <summary>What the store answered, or why it did not.</summary>
/// <param name="Value">The answer; null after a failure.</param>
/// <param name="Failure">What went wrong, or null.</param>
/// <param name="Endpoint">Who answered, or failed last.</param>
public readonly record struct StoreAnswer<T>(T? Value, StoreFailure? Failure, Endpoint Endpoint)
    where T : class
{
    /// <summary>Whether there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsThere => Failure is null;
}

/// <summary>What is known of a request that failed.</summary>
public enum FailureKind
{
    /// <summary>Nobody was reached: nothing was sent.</summary>
    Unreachable,

    /// <summary>A member said that it cannot do it now: it was not done and will not be.</summary>
    NotDone,

    /// <summary>The connection or the patience ended: it may have been done.</summary>
    Unknown,

    /// <summary>The store refused it.</summary>
    Refused,

    /// <summary>It asked for history that was compacted.</summary>
    Compacted,
}

/// <summary>Why there is no answer.</summary>
/// <param name="Kind">What is known of the request.</param>
/// <param name="Reason">etcd's own text, or what happened, without a full stop.</param>
/// <param name="Advice">What to do next.</param>
public sealed record StoreFailure(FailureKind Kind, string Reason, string Advice)
{
    /// <summary>Whether it was refused for who asked.</summary>
    internal bool IsDenied => Kind == FailureKind.Refused && Reason.StartsWith("etcdserver: permission denied", StringComparison.Ordinal);

    /// <summary>The sentence about something that failed.</summary>
    /// <param name="action">What was to be done: <c>put "a"</c>.</param>
    public string Sentence(string action) => Kind == FailureKind.Unreachable ? $"{Reason}; {Advice}" : $"cannot {action}: {Reason}; {Advice}";
}
