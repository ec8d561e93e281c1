namespace Mgmt.Resources.Svc;

/// <summary>Something to do to a unit.</summary>
internal enum SvcAct
{
    /// <summary>Has systemd read its files again.</summary>
    ReadFiles,
    Unmask,
    Enable,
    Disable,
    Start,
    Stop,
    Reload,
    Restart,
}

/// <summary>One act, and what it is for.</summary>
/// <param name="Act">What to do.</param>
/// <param name="Wrong">What is wrong.</param>
internal sealed record SvcStep(SvcAct Act, string Wrong)
{
    /// <summary>As in "would …" and "cannot … unit x.service".</summary>
    internal string Verb => Act switch
    {
        SvcAct.ReadFiles => "have systemd read its files for",
        _ => Act.ToString().ToLowerInvariant(),
    };

    internal string Would => Act == SvcAct.ReadFiles ? "would have systemd read its files again" : $"would {Verb} it";

    internal string Did => Act switch
    {
        SvcAct.ReadFiles => "had systemd read its files again",
        SvcAct.Stop => "stopped",
        SvcAct.Unmask or SvcAct.Start or SvcAct.Reload or SvcAct.Restart => Verb + "ed",
        _ => Verb + "d",
    };
}

/// <summary>What follows from a wish and the facts: an error, or steps, or a wait, or nothing when all are empty.</summary>
/// <param name="Steps">What to do, in order.</param>
/// <param name="Error">Why nothing can be done, a sentence that begins with "cannot".</param>
/// <param name="MustWait">Whether the unit is about to change by itself: the rest is decided after that.</param>
internal sealed record SvcVerdict(IReadOnlyList<SvcStep> Steps, string Error = "", bool MustWait = false);
