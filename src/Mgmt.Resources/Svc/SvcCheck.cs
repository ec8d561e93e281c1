using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>One check: looks, decides, does one step, and looks again, until nothing is left to do.</summary>
/// <param name="wish">What is wanted.</param>
/// <param name="systemd">Whom to ask.</param>
/// <param name="seen">Hears of the unit's path, which is another than its name says when that is an alias.</param>
internal sealed class SvcCheck(SvcWish wish, Systemd systemd, Action<string> seen)
{
    private const int MostConflicts = 5;
    private static readonly TimeSpan ConflictPause = TimeSpan.FromMilliseconds(500);

    private readonly SvcDecision _decision = new(wish);
    private readonly List<SvcStep> _done = [];
    private bool _refresh;
    private int _conflicts;

    /// <summary>Whether it did anything, or tried to: what signals then come are its own.</summary>
    internal bool HasActed { get; private set; }

    /// <exception cref="BusException">The bus or systemd went away, or refused to tell.</exception>
    internal async Task<CheckResult> RunAsync(CheckRequest request, CancellationToken cancel)
    {
        _refresh = request.Has(CheckReasons.Refresh);
        if (!request.Apply) return await DescribeAsync(cancel);
        using var events = new UnitWait(systemd.Signals, UnitName.PathOf(wish.Unit));
        while (true)
        {
            var (path, facts) = await systemd.LookAsync(wish.Unit, cancel);
            if (path is not null) seen(path);
            var verdict = _decision.Decide(facts, _refresh);
            if (verdict.Error.Length > 0) return CheckResult.Failed(verdict.Error);
            var step = verdict.Steps.FirstOrDefault(one => !IsInVain(one));
            if (verdict.MustWait && step is null or { Act: >= SvcAct.Start })
            {
                if (await events.NextAsync(Systemd.Patience, systemd.Time, cancel)) continue;
                return Fail($"bring unit {wish.Unit} in order", $"it is {facts.Words} for more than {Systemd.Patience.TotalSeconds} s");
            }

            if (step is null) return Conclude();
            if (_done.Exists(one => one.Act == step.Act)) return Fail($"{step.Verb} unit {wish.Unit}", TellRelapse(step, facts));
            if (await DoAsync(step, events, cancel) is { } error) return error;
        }
    }

    private async Task<CheckResult> DescribeAsync(CancellationToken cancel)
    {
        var (path, facts) = await systemd.LookAsync(wish.Unit, cancel);
        if (path is not null) seen(path);
        var verdict = _decision.Decide(facts, _refresh);
        if (verdict.Error.Length > 0) return CheckResult.Failed(verdict.Error);
        return verdict.Steps.Count == 0 ? CheckResult.InOrder : CheckResult.WouldChange(Join(verdict.Steps, one => one.Wrong), Join(verdict.Steps, one => one.Would));
    }

    private async Task<CheckResult?> DoAsync(SvcStep step, UnitWait events, CancellationToken cancel)
    {
        string result;
        HasActed = true;
        try
        {
            result = await systemd.DoAsync(step.Act, wish.Unit, cancel);
        }
        catch (BusException error) when (!error.IsAway)
        {
            if (IsConflict(error.Name) && await AnotherTryAsync(events, cancel)) return null;
            return Fail($"{step.Verb} unit {wish.Unit}", error.IsDenied ? $"{error.Message}; run mgmt as root, or allow it in polkit" : error.Message);
        }

        if (result == Jobs.Canceled && await AnotherTryAsync(events, cancel)) return null;
        if (result != Jobs.Done) return Fail($"{step.Verb} unit {wish.Unit}", Explain(result));
        _done.Add(step);
        if (step.Act >= SvcAct.Start) _refresh = false;
        return null;
    }

    /// <summary>Somebody else's job was in the way: waits for it, or a moment.</summary>
    private async Task<bool> AnotherTryAsync(UnitWait events, CancellationToken cancel)
    {
        if (++_conflicts > MostConflicts) return false;
        await events.NextAsync(ConflictPause, systemd.Time, cancel);
        return true;
    }

    private static bool IsConflict(string error) => error.StartsWith("org.freedesktop.systemd1.Transaction", StringComparison.Ordinal);

    // systemd may go on to say so of what it cannot read better; once is enough.
    private bool IsInVain(SvcStep step) => step.Act == SvcAct.ReadFiles && _done.Exists(static one => one.Act == SvcAct.ReadFiles);

    private CheckResult Conclude() => _done.Count == 0 ? CheckResult.InOrder : CheckResult.Changed(Join(_done, one => one.Wrong), Join(_done, one => one.Did));

    private CheckResult Fail(string doing, string why) =>
        CheckResult.Failed($"cannot {doing}: {why}" + (_done.Count > 0 ? $" (before that: {Join(_done, one => one.Did)})" : ""));

    private string Explain(string result) => result switch
    {
        "failed" => $"its job failed, or it was started too often; see systemctl status {wish.Unit}",
        "dependency" => $"a unit that it needs failed; see systemctl status {wish.Unit}",
        "skipped" => "one of its conditions does not hold",
        "assert" => "one of its assertions does not hold",
        "unsupported" => "this host does not support units of its type",
        Jobs.Canceled => "somebody else cancels the job each time",
        Jobs.TooLate => $"its job did not end within {Systemd.Patience.TotalSeconds} s",
        _ => $"its job ended with \"{result}\"; see systemctl status {wish.Unit}",
    };

    private static string TellRelapse(SvcStep step, UnitFacts facts) => step.Act switch
    {
        SvcAct.Start => $"it was started, and is {facts.Words} again; a unit that ends by itself cannot be kept running: leave out state, or see its log",
        SvcAct.Stop => $"it was stopped, and is {facts.Words} again; something else starts it",
        _ => $"systemd did so, and its unit file is still {facts.FileState}",
    };

    private static string Join(IEnumerable<SvcStep> steps, Func<SvcStep, string> word) => string.Join(", ", steps.Select(word).Distinct());
}
