namespace Mgmt.Resources.Svc;

/// <summary>Decides what to do to a unit: a pure function of what is wanted and what is there.</summary>
/// <param name="wish">What is wanted.</param>
internal sealed class SvcDecision(SvcWish wish)
{
    /// <summary>The next steps, all of which the facts call for; they are decided anew after each.</summary>
    /// <param name="facts">What is there.</param>
    /// <param name="refresh">Whether a predecessor asked for a refresh that was not done yet.</param>
    internal SvcVerdict Decide(UnitFacts facts, bool refresh)
    {
        if (!facts.Exists) return wish.AllowsMissing ? new([]) : Refuse("find", $"there is no unit file of that name; {WhenItAppears}");
        List<SvcStep> steps = [];
        if (facts.NeedsReload) steps.Add(new(SvcAct.ReadFiles, "its files changed on disk"));
        var error = AddStartup(facts, steps) ?? AddState(facts, refresh, steps);
        if (error is not null) return error;
        return new(steps, MustWait: MustWait(facts, refresh));
    }

    // A unit that is starting can be stopped at once; everything else would cross a job of somebody else's.
    private bool MustWait(UnitFacts facts, bool refresh) => wish.State switch
    {
        SvcFields.Running => facts.IsOnItsWay,
        SvcFields.Stopped => facts.ActiveState == "deactivating",
        _ => refresh && facts.IsOnItsWay,
    };

    private string WhenItAppears => (wish.State, wish.Startup) switch
    {
        (SvcFields.Running, _) => "it is started as soon as it appears",
        (_, SvcFields.Enabled) => "it is enabled as soon as it appears",
        _ => "it is looked at as soon as it appears",
    };

    private SvcVerdict? AddStartup(UnitFacts facts, List<SvcStep> steps) => wish.Startup switch
    {
        SvcFields.Enabled => AddEnabled(facts, steps),
        SvcFields.Disabled => AddDisabled(facts, steps),
        _ => null,
    };

    private SvcVerdict? AddEnabled(UnitFacts facts, List<SvcStep> steps)
    {
        switch (facts.FileState)
        {
            case "enabled":
                return null;
            case "masked" or "masked-runtime":
                if (AddUnmasked(facts, steps) is { } error) return error;
                steps.Add(new(SvcAct.Enable, "not enabled"));
                return null;
            case "disabled" or "linked" or "linked-runtime" or "enabled-runtime":
                steps.Add(new(SvcAct.Enable, facts.FileState == "enabled-runtime" ? "enabled until the next boot only" : "disabled"));
                return null;
            case "static":
                return Refuse("enable", "its unit file has no [Install] section, so that nothing says when to start it; leave out startup, or enable the unit that starts it");
            case "indirect":
                return Refuse("enable", "its unit file only says what else to enable; leave out startup, or name that unit");
            case "alias":
                return Refuse("enable", "the name is an alias; write the unit's own name");
            case "":
                return Refuse("enable", $"it has no unit file, or none any more; {WhenItAppears}, or leave out startup");
            default:
                return Refuse("enable", $"its unit file is {facts.FileState}; leave out startup");
        }
    }

    // What is masked, static or has no file is not enabled by anything that could be taken away.
    private SvcVerdict? AddDisabled(UnitFacts facts, List<SvcStep> steps)
    {
        switch (facts.FileState)
        {
            case "enabled" or "enabled-runtime":
                steps.Add(new(SvcAct.Disable, "enabled"));
                return null;
            case "generated":
                return Refuse("disable", "its unit file is made by a generator at each boot; change what that reads, or leave out startup");
            case "alias":
                return Refuse("disable", "the name is an alias; write the unit's own name");
            default:
                return null;
        }
    }

    // A mask forbids what is wanted: even while the unit runs, nobody could start it again.
    private SvcVerdict? AddState(UnitFacts facts, bool refresh, List<SvcStep> steps)
    {
        var isUp = facts.IsUp || facts.ActiveState == "activating";
        if (wish.State == SvcFields.Stopped)
        {
            if (isUp) steps.Add(new(SvcAct.Stop, "running"));
            return null;
        }

        if (wish.State == SvcFields.Running && facts.IsMasked && wish.Startup != SvcFields.Enabled && AddUnmasked(facts, steps) is { } error) return error;
        if (wish.State == SvcFields.Running && !isUp)
        {
            if (facts.IsBroken) return Refuse("start", facts.LoadError);
            steps.Add(new(SvcAct.Start, facts.ActiveState == "failed" ? "failed" : "stopped"));
        }
        else if (refresh && isUp)
        {
            steps.Add(new(facts.CanReload && !facts.RunsOldFiles ? SvcAct.Reload : SvcAct.Restart, "a predecessor asked for a refresh"));
        }

        return null;
    }

    // To unmask removes the file: of one that is empty that is somebody's, who may be about to write it.
    private SvcVerdict? AddUnmasked(UnitFacts facts, List<SvcStep> steps)
    {
        if (facts.EmptyFile.Length > 0) return Refuse("unmask", $"its unit file {facts.EmptyFile} is empty, which masks it; write it, or remove it");
        steps.Add(new(SvcAct.Unmask, "masked"));
        return null;
    }

    private SvcVerdict Refuse(string verb, string why) => new([], $"cannot {verb} unit {wish.Unit}: {why}");
}
