using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;

namespace Mgmt.Engine.Tests.Running;

/// <summary>
/// A host that exists in a random generator: it answers the core's commands late and in any order, drifts, fails, and gets new plans, while it holds the core to its guarantees.
/// </summary>
internal sealed class SimulatedHost
{
    private const int Names = 12;
    private const int Parallel = 2;

    private readonly Random _random;
    private readonly TestKind _kind;
    private readonly int _parallel;
    private readonly RunnerCore _core;
    private readonly List<RunnerCommand> _commands = [];
    private readonly List<RunnerVertex> _opening = [];
    private readonly List<Running> _running = [];
    private readonly Dictionary<RunnerVertex, int> _seen = []; // drift that no check began after
    private readonly HashSet<RunnerVertex> _watched = [];
    private Plan _plan = Plan.Empty;
    private Dictionary<int, string> _values = [];
    private string _edges = "";
    private long _drain = -1;
    private TimeSpan _now;

    public SimulatedHost(Random random, TestKind kind)
    {
        (_random, _kind) = (random, kind);
        _parallel = random.Next(3) == 0 ? Parallel : 0;
        _core = new RunnerCore(new RunnerOptions(Parallel: _parallel));
    }

    public bool IsConverged { get; private set; }

    public int Checks => Commands.Count;

    /// <summary>Every check that was asked for, as the names of those checked, joined by commas.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>Gives a first plan. Answers the names of those that are to be checked together, as <see cref="Commands"/> does.</summary>
    public IEnumerable<string> Begin()
    {
        Step(new RunnerEvent.Swap(_plan = RandomPlan()));
        return _plan.Vertices.SelectMany(vertex => TestKind.ValueOf(vertex.Members[0]).StartsWith("gj", StringComparison.Ordinal)
            ? [string.Join(',', vertex.Members.Select(member => member.Address.Name))]
            : vertex.Members.Select(member => member.Address.Name));
    }

    /// <summary>Lets anything happen.</summary>
    public void Disturb()
    {
        switch (_random.Next(10))
        {
            case 0: Step(new RunnerEvent.Swap(_plan = _random.Next(2) == 0 ? RandomPlan() : OtherMeta())); break;
            case 1 or 2 or 3 when _watched.Count > 0: Drift(_watched.ElementAt(_random.Next(_watched.Count))); break;
            case 4 when _watched.Count > 0: Step(new RunnerEvent.WatchEnded(_watched.ElementAt(_random.Next(_watched.Count)), "cannot watch")); break;
            default: Answer(mayFail: true); break;
        }
    }

    /// <summary>Lets everything that is under way end well. Answers whether there was anything.</summary>
    public bool Calm() => Answer(mayFail: false);

    public IEnumerable<string> NotInOrder() => _core.Describe(_now, 0).Vertices.Where(vertex => vertex.State != VertexState.InOrder).Select(vertex => vertex.ToString());

    /// <summary>Vertices that drifted, were not checked since, and are not due either. One that is blocked stays due: its check comes when the failure above it is cured.</summary>
    public IEnumerable<string> Unseen() => _seen.Where(pair => pair.Value > 0 && pair.Key is { IsRetired: false, Due: CheckReasons.None }).Select(pair => pair.Key.ToString());

    private void Drift(RunnerVertex vertex)
    {
        _seen[vertex] = _seen.GetValueOrDefault(vertex) + 1;
        Step(new RunnerEvent.Drifted(vertex));
    }

    private bool Answer(bool mayFail)
    {
        var choices = _opening.Count + _running.Count;
        if (choices > 0 && _random.Next(4) > 0)
        {
            var at = _random.Next(choices);
            if (at < _opening.Count) AnswerOpening(at, mayFail);
            else AnswerCheck(at - _opening.Count, mayFail);
            return true;
        }

        if (_drain >= 0)
        {
            var drained = new RunnerEvent.Drained(_drain);
            _drain = -1;
            Step(drained);
            return true;
        }

        if (_core.NextDeadline is not { } next) return choices > 0;
        _now = next > _now ? next : _now;
        Step(new RunnerEvent.Tick());
        return true;
    }

    private void AnswerOpening(int at, bool mayFail)
    {
        var vertex = _opening[at];
        _opening.RemoveAt(at);
        if (mayFail && _random.Next(8) == 0)
        {
            Step(new RunnerEvent.WatchEnded(vertex, "cannot watch"));
            return;
        }

        _watched.Add(vertex);
        Step(new RunnerEvent.WatchOpened(vertex));
    }

    private void AnswerCheck(int at, bool mayFail)
    {
        var check = _running[at];
        if (check.Together is not { } run)
        {
            _running.RemoveAt(at);
            Step(new RunnerEvent.CheckEnded(check.Vertices[0], AnyResult(mayFail), TimeSpan.Zero));
        }
        else if (mayFail && _random.Next(4) == 0)
        {
            Step(new RunnerEvent.PartEnded(run.Parts[_random.Next(run.Parts.Count)], CheckResult.Failed("cannot finish"), TimeSpan.Zero));
        }
        else
        {
            _running.RemoveAt(at);
            Step(new RunnerEvent.JointEnded(run, [.. run.Parts.Select(_ => AnyResult(mayFail))], TimeSpan.Zero));
        }
    }

    private CheckResult AnyResult(bool mayFail) => _random.Next(6) switch
    {
        0 or 1 when mayFail => CheckResult.Failed("cannot"),
        2 => CheckResult.Changed("wrong", "done"),
        _ => CheckResult.InOrder,
    };

    private void Step(RunnerEvent happened)
    {
        _commands.Clear();
        _core.Step(happened, _now, _commands);
        foreach (var command in _commands) Take(command);
    }

    private void Take(RunnerCommand command)
    {
        switch (command)
        {
            case RunnerCommand.OpenWatch open: _opening.Add(open.Vertex); break;
            case RunnerCommand.CloseWatch close: _watched.Remove(close.Vertex); break;
            case RunnerCommand.Check check: Begin(new Running([check.Vertex], null), check.Request); break;
            case RunnerCommand.CheckTogether { Run: var run }: Begin(new Running([.. run.Parts.Select(part => part.Vertex)], run), run.Parts[0].Request); break;
            case RunnerCommand.Drain drain: _drain = drain.Activity; break;
            case RunnerCommand.Tell { Report: ConvergedReport }: IsConverged = true; break;
            case RunnerCommand.Tell { Report: ActiveReport }: IsConverged = false; break;
        }
    }

    private void Begin(Running check, CheckRequest request)
    {
        Commands.Add(string.Join(',', check.Vertices.Select(vertex => vertex.Address.Name)));
        Assert.NotEqual(CheckReasons.None, request.Reasons);
        foreach (var vertex in check.Vertices) MayRun(vertex);
        Assert.Single(check.Vertices.Select(vertex => vertex.Group).Distinct());
        _running.Add(check);
        foreach (var vertex in check.Vertices) _seen[vertex] = 0;
        foreach (var one in check.Vertices.SelectMany(vertex => vertex.Meta.Semaphores))
        {
            var holders = _running.Count(other => other.Vertices.Any(vertex => vertex.Meta.Semaphores.Any(held => held.Id == one.Id)));
            Assert.True(holders <= one.Size + _running.Count(other => other.Vertices.Any(vertex => vertex.IsRetired)), $"{holders} hold {one}");
        }

        if (_parallel > 0) Assert.True(_running.Count <= _parallel, $"{_running.Count} run at once");
    }

    private void MayRun(RunnerVertex vertex)
    {
        Assert.DoesNotContain(_running, other => other.Vertices.Any(one => one.Address == vertex.Address));
        Assert.True(vertex.Watch is WatchState.Open or WatchState.Lost || vertex.WatchError.Length > 0, $"{vertex} is checked before it is watched");
        foreach (var above in _core.PredecessorsOf(vertex))
        {
            Assert.True(above.Standing == Standing.InOrder && above.Due == CheckReasons.None, $"{vertex} runs before {above} is in order");
            Assert.DoesNotContain(_running, other => other.Vertices.Contains(above));
        }
    }

    private Plan RandomPlan()
    {
        var names = Enumerable.Range(0, Names).Where(_ => _random.Next(4) > 0).ToList();
        _values = names.ToDictionary(name => name, _ => (_random.Next(4) switch { 0 => "", 1 => "g", _ => "gj" }) + _random.Next(3));
        var edges = from a in names from b in names where a < b && _random.Next(5) == 0 select $"n{a}{(_random.Next(2) == 0 ? "->" : "=>")}n{b}";
        _edges = string.Join(' ', edges);
        return OtherMeta();
    }

    /// <summary>The same groups and edges, and some resources with another definition.</summary>
    private Plan OtherMeta() =>
        PlanText.Parse(_kind, $"{string.Join(' ', _values.Select(pair => Text(pair.Key, pair.Value)))} | {_edges}", _random.Next(4) == 0 ? null : _plan);

    private string Text(int name, string value) => $"n{name}(v={value} retry={_random.Next(3) - 1} delay={_random.Next(2) * 10}"
        + (name % 4 == 0 ? " sema=x:2,y:1" : name % 3 == 0 ? " sema=x:2" : "") + (name == 5 ? " limit=100 burst=2" : "") + ")";

    /// <summary>A check that was asked for, of one or of several together.</summary>
    private sealed record Running(IReadOnlyList<RunnerVertex> Vertices, JointRun? Together);
}
