using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;

namespace Mgmt.Engine.Tests.Running;

/// <summary>
/// A host that exists in a random generator: it answers the core's commands late and in any order, drifts, fails, and gets new plans, while it holds the core to its guarantees.
/// </summary>
internal sealed class SimulatedHost(Random random, TestKind kind)
{
    private const int Names = 12;

    private readonly RunnerCore _core = new(new RunnerOptions(Parallel: random.Next(3) == 0 ? 2 : 0));
    private readonly List<RunnerCommand> _commands = [];
    private readonly List<RunnerVertex> _opening = [];
    private readonly List<RunnerCommand.Check> _running = [];
    private readonly Dictionary<RunnerVertex, int> _seen = []; // drift that no check began after
    private readonly HashSet<RunnerVertex> _watched = [];
    private Plan _plan = Plan.Empty;
    private long _drain = -1;
    private TimeSpan _now;

    public bool IsConverged { get; private set; }

    public int Checks { get; private set; }

    /// <summary>Lets anything happen.</summary>
    public void Disturb()
    {
        switch (random.Next(10))
        {
            case 0: Step(new RunnerEvent.Swap(_plan = RandomPlan())); break;
            case 1 or 2 or 3 when _watched.Count > 0: Drift(_watched.ElementAt(random.Next(_watched.Count))); break;
            case 4 when _watched.Count > 0: Step(new RunnerEvent.WatchEnded(_watched.ElementAt(random.Next(_watched.Count)), "cannot watch")); break;
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
        if (choices > 0 && random.Next(4) > 0)
        {
            var at = random.Next(choices);
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
        if (mayFail && random.Next(8) == 0)
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
        _running.RemoveAt(at);
        var result = random.Next(6) switch
        {
            0 or 1 when mayFail => CheckResult.Failed("cannot"),
            2 => CheckResult.Changed("wrong", "done"),
            _ => CheckResult.InOrder,
        };
        Step(new RunnerEvent.CheckEnded(check.Vertex, result, TimeSpan.Zero));
    }

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
            case RunnerCommand.Check check: Begin(check); break;
            case RunnerCommand.Drain drain: _drain = drain.Activity; break;
            case RunnerCommand.Tell { Report: ConvergedReport }: IsConverged = true; break;
            case RunnerCommand.Tell { Report: ActiveReport }: IsConverged = false; break;
        }
    }

    private void Begin(RunnerCommand.Check check)
    {
        var vertex = check.Vertex;
        Checks++;
        Assert.DoesNotContain(_running, other => other.Vertex.Address == vertex.Address);
        Assert.True(vertex.Watch is WatchState.Open or WatchState.Lost || vertex.WatchError.Length > 0, $"{vertex} is checked before it is watched");
        Assert.NotEqual(CheckReasons.None, check.Request.Reasons);
        foreach (var above in _core.PredecessorsOf(vertex))
        {
            Assert.True(above.Standing == Standing.InOrder && above.Due == CheckReasons.None, $"{vertex} runs before {above} is in order");
            Assert.DoesNotContain(_running, other => other.Vertex == above);
        }

        _running.Add(check);
        _seen[vertex] = 0;
        foreach (var one in vertex.Meta.Semaphores)
        {
            var holders = _running.Count(other => other.Vertex.Meta.Semaphores.Any(held => held.Id == one.Id));
            Assert.True(holders <= one.Size + _running.Count(other => other.Vertex.IsRetired), $"{holders} hold {one}");
        }
    }

    private Plan RandomPlan()
    {
        var names = Enumerable.Range(0, Names).Where(_ => random.Next(4) > 0).ToList();
        var resources = names.Select(name => Text(name)).ToList();
        var edges = from a in names from b in names where a < b && random.Next(5) == 0 select $"n{a}{(random.Next(2) == 0 ? "->" : "=>")}n{b}";
        return PlanText.Parse(kind, $"{string.Join(' ', resources)} | {string.Join(' ', edges)}");
    }

    private string Text(int name) => $"n{name}(v={(random.Next(2) == 0 ? "g" : "")}{random.Next(3)} retry={random.Next(3) - 1} delay={random.Next(2) * 10}"
        + (name % 4 == 0 ? " sema=x:2,y:1" : name % 3 == 0 ? " sema=x:2" : "") + (name == 5 ? " limit=100 burst=2" : "") + ")";
}
