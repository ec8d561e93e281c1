using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>One check: looks, decides, does one step, and looks again, until nothing is left to do.</summary>
/// <param name="wish">What is wanted.</param>
/// <param name="systemd">Whom to ask.</param>
/// <param name="seen">Hears of the unit's path, which is another than its name says when that is an alias.</param>
internal sealed class SvcCheck(SvcWish wish, Systemd systemd, Action<string> seen)
{
    private const int MostCancels = 5;
    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(1), LongestConflict = TimeSpan.FromSeconds(30);

    private readonly SvcDecision _decision = new(wish);
    private readonly List<SvcStep> _done = [];
    private readonly long _begun = systemd.Time.GetTimestamp();
    private bool _refresh;
    private bool _runsOldFiles;
    private string _unread = "";
    private int _cancels;

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
            var facts = await LookAsync(cancel);
            var verdict = _decision.Decide(facts, _refresh);
            if (verdict.Error.Length > 0) return CheckResult.Failed(verdict.Error + BeforeThat);
            var step = verdict.Steps.FirstOrDefault(one => !IsInVain(one));
            if (step is { Act: SvcAct.ReadFiles }) _unread = facts.Unread;
            else if (facts.Unread.Length > 0 && facts.Unread == _unread) systemd.Ignore(wish.Unit, _unread);
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
        var verdict = _decision.Decide(await LookAsync(cancel), _refresh);
        if (verdict.Error.Length > 0) return CheckResult.Failed(verdict.Error);
        return verdict.Steps.Count == 0 ? CheckResult.InOrder : CheckResult.WouldChange(Join(verdict.Steps, one => one.Wrong), Join(verdict.Steps, one => one.Would));
    }

    // Opens first: what is begun while nothing is heard, its end is not heard of either.
    private async Task<UnitFacts> LookAsync(CancellationToken cancel)
    {
        await systemd.OpenAsync(cancel);
        var (path, facts) = await systemd.LookAsync(wish.Unit, cancel);
        if (path is not null) seen(path);
        // Once systemd has read them it does not say so any more.
        _runsOldFiles |= facts.RunsOldFiles;
        return facts with { RunsOldFiles = _runsOldFiles };
    }

    private async Task<CheckResult?> DoAsync(SvcStep step, UnitWait events, CancellationToken cancel)
    {
        string result;
        HasActed = true;
        var nextEnd = systemd.Signals.Jobs.NextEnd;
        try
        {
            result = await systemd.DoAsync(step.Act, wish.Unit, cancel);
        }
        catch (BusException error) when (!error.IsAway)
        {
            if (IsConflict(error.Name) && await IsConflictOverAsync(nextEnd, cancel)) return null;
            return Fail($"{step.Verb} unit {wish.Unit}", error.IsDenied ? $"{error.Message}; run mgmt as root, or allow it in polkit" : error.Message);
        }

        if (result == Jobs.Canceled && ++_cancels <= MostCancels)
        {
            // Somebody else's job took the place of ours: it is about to change the unit, or has done so.
            await events.NextAsync(ConflictPause, systemd.Time, cancel);
            return null;
        }

        if (result != Jobs.Done) return Fail($"{step.Verb} unit {wish.Unit}", Explain(result));
        _done.Add(step);
        if (step.Act >= SvcAct.Start) _refresh = false;
        return null;
    }

    /// <summary>A job of some unit stands in the way and may not be replaced: waits for the end of any, or a moment. False when that went on for too long.</summary>
    private async Task<bool> IsConflictOverAsync(Task nextEnd, CancellationToken cancel)
    {
        if (systemd.Time.GetElapsedTime(_begun) >= LongestConflict) return false;
        await nextEnd.WaitAsync(ConflictPause, systemd.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return true;
    }

    private static bool IsConflict(string error) => error.StartsWith("org.freedesktop.systemd1.Transaction", StringComparison.Ordinal);

    // systemd may go on to say so of what it cannot read; once is enough.
    private bool IsInVain(SvcStep step) => step.Act == SvcAct.ReadFiles && _done.Exists(static one => one.Act == SvcAct.ReadFiles);

    private CheckResult Conclude() => _done.Count == 0 ? CheckResult.InOrder : CheckResult.Changed(Join(_done, one => one.Wrong), Join(_done, one => one.Did));

    private CheckResult Fail(string doing, string why) =>
        CheckResult.Failed($"cannot {doing}: {why}{BeforeThat}");

    private string BeforeThat => _done.Count > 0 ? $" (before that: {Join(_done, one => one.Did)})" : "";

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
