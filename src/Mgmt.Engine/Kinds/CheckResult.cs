namespace Mgmt.Engine.Kinds;

/// <summary>Why a resource is checked.</summary>
[Flags]
public enum CheckReasons
{
    /// <summary>Nothing is due.</summary>
    None = 0,

    /// <summary>The resource is new in the definition, or its own definition changed.</summary>
    Definition = 1,

    /// <summary>Its watch saw something.</summary>
    Watch = 2,

    /// <summary>A predecessor changed.</summary>
    Predecessor = 4,

    /// <summary>A predecessor changed over an edge with <c>notify</c>: act even where nothing is wrong.</summary>
    Refresh = 8,

    /// <summary>Its poll interval passed.</summary>
    Poll = 16,

    /// <summary>The last check failed and is tried again; the reasons of that check are given again too.</summary>
    Retry = 32,

    /// <summary>Its watch had been lost and is open again: something may have happened unseen.</summary>
    Rewatched = 64,
}

/// <summary>What one check is asked to do.</summary>
/// <param name="Apply">False: compare only, and say what would be done.</param>
/// <param name="Reasons">Why the check runs.</param>
public readonly record struct CheckRequest(bool Apply, CheckReasons Reasons)
{
    /// <summary>Whether one of the reasons is among those given.</summary>
    public bool Has(CheckReasons any) => (Reasons & any) != 0;
}

/// <summary>How a check ended.</summary>
public enum Outcome
{
    /// <summary>Nothing was wrong.</summary>
    InOrder,

    /// <summary>Something was wrong and is now right.</summary>
    Changed,

    /// <summary>Something is wrong, and the check was not allowed to change it.</summary>
    WouldChange,

    /// <summary>It is not in order.</summary>
    Failed,

    /// <summary>It is not in order, and nothing is wrong either: it waits for somebody outside, such as one who knows a key.</summary>
    Waiting,
}

/// <summary>How a check ended, and the words for the log.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Wrong">What was wrong, such as <c>content differs</c>; or, of a failure, the error, which begins with "cannot".</param>
/// <param name="Done">What was (or would be) done, such as <c>wrote 8 bytes</c>.</param>
public sealed record CheckResult(Outcome Outcome, string Wrong = "", string Done = "")
{
    /// <summary>Nothing was wrong.</summary>
    public static CheckResult InOrder { get; } = new(Outcome.InOrder);

    /// <summary>What a command printed before it failed, bounded; for the log.</summary>
    public string Output { get; init; } = "";

    /// <summary>Something was wrong and is now right.</summary>
    public static CheckResult Changed(string wrong, string done) => new(Outcome.Changed, wrong, done);

    /// <summary>Something is wrong, and the check was not allowed to change it.</summary>
    public static CheckResult WouldChange(string wrong, string would) => new(Outcome.WouldChange, wrong, would);

    /// <summary>It waits for somebody outside: what comes after it is not begun, nothing is tried again, and the graph converges without it.</summary>
    /// <param name="what">What it needs, such as <c>needs a key</c>.</param>
    /// <param name="advice">What a person can do.</param>
    public static CheckResult Waiting(string what, string advice) => new(Outcome.Waiting, what, advice);

    /// <summary>It is not in order.</summary>
    public static CheckResult Failed(string error, string output = "") => new(Outcome.Failed, error) { Output = output };
}
