using System.Globalization;
using System.Text;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Engine.Tests.Running;

/// <summary>
/// Plays a script to the runner's core and writes what it answers. Lines that begin with "> " are events; the lines below each are the commands that it must give.
/// </summary>
internal sealed class Transcript
{
    private readonly TestKind _kind = TestKind.WithJoint();
    private readonly Dictionary<string, RunnerVertex> _known = [];
    private readonly Dictionary<string, RunnerVertex> _running = [];
    private readonly Dictionary<string, JointRun> _together = [];
    private readonly List<RunnerCommand> _commands = [];
    private RunnerCore _core = new(new RunnerOptions());
    private TimeSpan _now;
    private long _lastDrain;
    private long _drainBefore;

    public static string Play(string script)
    {
        var transcript = new Transcript();
        var text = new StringBuilder();
        foreach (var line in script.Split('\n'))
        {
            if (line.StartsWith('#') || line.Length == 0) text.Append(line).Append('\n');
            if (!line.StartsWith("> ", StringComparison.Ordinal)) continue;
            text.Append(line).Append('\n');
            foreach (var answer in transcript.Do(line[2..])) text.Append("  ").Append(answer).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private IEnumerable<string> Do(string line)
    {
        var (verb, rest) = line.Split(' ', 2) is [var one, var two] ? (one, two) : (line, "");
        _commands.Clear();
        switch (verb)
        {
            case "options": _core = new RunnerCore(ParseOptions(rest)); return [];
            case "describe": return [.. _core.Describe(_now, 0).Vertices.Select(Show)];
            case "swap": Step(new RunnerEvent.Swap(PlanText.Parse(_kind, rest))); break;
            case "time": Advance(rest); break;
            case "stop": Step(new RunnerEvent.StopAsked()); break;
            case "drained": Step(new RunnerEvent.Drained(rest == "old" ? _drainBefore : _lastDrain)); break;
            case "done": Step(ParseDone(rest)); break;
            case "late": Step(new RunnerEvent.PartEnded(_together[rest].Parts.Single(part => part.Vertex.Address.Name == rest), CheckResult.Failed("cannot finish"), TimeSpan.Zero)); break;
            default: Step(ParseVertexEvent(verb, rest)); break;
        }

        return [.. _commands.Select(Show)];
    }

    private void Step(RunnerEvent happened)
    {
        _core.Step(happened, _now, _commands);
        foreach (var vertex in _core.Vertices.Values) _known[vertex.Address.Name] = vertex;
    }

    private void Advance(string milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
        if (_core.NextDeadline <= _now) Step(new RunnerEvent.Tick());
    }

    // "old:a" is the vertex that had the name before the last exchange.
    private RunnerEvent ParseVertexEvent(string verb, string rest)
    {
        var (name, words) = rest.Split(' ', 2) is [var one, var two] ? (one, two) : (rest, "");
        var vertex = name.StartsWith("old:", StringComparison.Ordinal) ? _running[name[4..]] : _known[name];
        return verb switch
        {
            "opened" => new RunnerEvent.WatchOpened(vertex),
            "lost" => new RunnerEvent.WatchEnded(vertex, words),
            "drift" => new RunnerEvent.Drifted(vertex),
            "ok" => Ended(CheckResult.InOrder),
            "changed" => Ended(CheckResult.Changed("wrong", "done")),
            "would" => Ended(CheckResult.WouldChange("wrong", "would")),
            "waits" => Ended(CheckResult.Waiting($"needs {words}", "give it")),
            "fail" => Ended(CheckResult.Failed(words)),
            _ => throw new ArgumentException($"unknown event {verb}"),
        };

        RunnerEvent Ended(CheckResult result) => new RunnerEvent.CheckEnded(vertex, result, TimeSpan.Zero);
    }

    // "done a=ok b=changed c=fail" ends the check of these together.
    private RunnerEvent.JointEnded ParseDone(string text)
    {
        var results = text.Split(' ').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1] switch
        {
            "ok" => CheckResult.InOrder,
            "changed" => CheckResult.Changed("wrong", "done"),
            _ => CheckResult.Failed("cannot"),
        });
        var run = _together[results.Keys.First()];
        return new RunnerEvent.JointEnded(run, [.. run.Parts.Select(part => results[part.Vertex.Address.Name])], TimeSpan.Zero);
    }

    private static RunnerOptions ParseOptions(string text) => new(
        Noop: text.Contains("noop", StringComparison.Ordinal),
        Parallel: text.Contains("parallel=", StringComparison.Ordinal) ? int.Parse(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture) : 0);

    private string Show(RunnerCommand command)
    {
        switch (command)
        {
            case RunnerCommand.Check check:
                _running[check.Vertex.Address.Name] = check.Vertex;
                return $"check {check.Vertex.Address.Name}: {check.Request.Reasons}{(check.Request.Apply ? "" : " (noop)")}";
            case RunnerCommand.CheckTogether { Run: var run }:
                foreach (var part in run.Parts) _together[part.Vertex.Address.Name] = run;
                return $"check together {string.Join("; ", run.Parts.Select(part => $"{part.Vertex.Address.Name}: {part.Request.Reasons}{(part.Request.Apply ? "" : " (noop)")}"))}";
            case RunnerCommand.OpenWatch open: return $"open {open.Vertex.Address.Name}";
            case RunnerCommand.CloseWatch close: return $"close {close.Vertex.Address.Name}";
            case RunnerCommand.Drain drain:
                (_drainBefore, _lastDrain) = (_lastDrain, drain.Activity);
                return "drain";
            case RunnerCommand.Idle: return "idle";
            case RunnerCommand.Tell tell: return Show(tell.Report);
            default: throw new ArgumentException(command.ToString());
        }
    }

    private static string Show(Report report) => report switch
    {
        CheckReport check => $"tell {check.Address.Name} {check.Result.Outcome}{(check.RetryIn is { } wait ? $", again in {wait.TotalMilliseconds} ms" : "")}",
        WatchLostReport lost => $"tell watch of {lost.Address.Name} lost: {lost.Error}, again in {lost.RetryIn.TotalMilliseconds} ms",
        SwapReport swap => $"tell swapped: {swap.Added} added, {swap.Changed} changed, {swap.Removed} removed, {swap.Kept} kept",
        ActiveReport => "tell active",
        ConvergedReport done => $"tell converged: {done.Summary.Checked} checked, {done.Summary.Changed} changed, {done.Summary.Failed} failed, {done.Summary.Blocked} blocked,{(done.Summary.Waiting > 0 ? $" {done.Summary.Waiting} waiting," : "")} {done.Summary.Elapsed.TotalMilliseconds} ms"
            + string.Concat(done.BlockedBy.Select(one => $"; {one.Address.Name} by {string.Join('+', one.By.Select(by => by.Name))}")),
        _ => throw new ArgumentException(report.ToString()),
    };

    private static string Show(VertexStatus status) =>
        $"{status.Address.Name} {status.State} for {status.For.TotalMilliseconds} ms{(status.On.Count > 0 ? " on " + string.Join('+', status.On) : "")}{(status.LastError.Length > 0 ? " error " + status.LastError : "")}{(status.WatchError.Length > 0 ? " watch " + status.WatchError : "")}";
}
