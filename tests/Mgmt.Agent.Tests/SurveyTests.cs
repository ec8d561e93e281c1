using System.Collections.Concurrent;
using System.Threading.Channels;
using Mgmt.Engine;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Mgmt.Resources.Noop;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests;

/// <summary>Graphs whose edges depend on the host's answers, in the agent's loop, on fake time.</summary>
public sealed class SurveyTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly NoopKind Noop = new();

    private readonly FakeTimeProvider _time = new();
    private readonly AgentInbox _inbox = new();
    private readonly SurveyKind _kind = new();
    private readonly Channel<Plan> _plans = Channel.CreateUnbounded<Plan>();
    private readonly ConcurrentQueue<Report> _told = [];
    private readonly ConcurrentQueue<string> _warnings = [];
    private readonly Runner _runner;
    private Definition? _next;
    private Task<RunnerStatus> _ended = Task.FromException<RunnerStatus>(new InvalidOperationException("not begun"));

    public SurveyTests() => _runner = new Runner(new RunnerOptions(), _time, [], _ => { });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _inbox.Post(new AgentMessage.Stop("the test's end"));
        await _ended.WaitAsync(Deadline);
        await _runner.DisposeAsync();
        _inbox.Dispose();
        Assert.False(_kind.WasAskedTwiceAtOnce);
        Assert.False(_kind.IsListenedTo);
    }

    [Fact]
    public async Task A_graph_without_such_a_kind_is_in_force_at_once()
    {
        Begin(Of());
        Assert.Empty((await PlanAsync()).Edges);
        Assert.False(_kind.IsListenedTo);
    }

    [Fact]
    public async Task A_kind_that_ties_others_only_is_not_asked_about_a_graph_without_others()
    {
        _kind.TiesOthersOnly = true;
        Begin(new Definition("g", [_kind.Spec("a"), _kind.Spec("b")], [], [], []));
        Assert.Empty((await PlanAsync()).Edges);
        Assert.Equal(0, _kind.Asked);
    }

    [Fact]
    public async Task The_first_graph_waits_for_the_answer_and_the_agent_does_not()
    {
        Begin(Of("a", "b"));
        var question = await _kind.QuestionAsync();
        Assert.Equal("a b", question.Names);
        await HandledAsync();
        Assert.False(_plans.Reader.TryPeek(out _));
        question.SetAfter("a");
        Assert.Equal("a>b", Edges(await PlanAsync()));
    }

    [Fact]
    public async Task A_newer_graph_without_such_a_kind_does_not_wait_for_the_answer_to_the_old_one()
    {
        Begin(Of("a", "b"));
        var question = await _kind.QuestionAsync();
        Reload(Of());
        Assert.Empty((await PlanAsync()).Edges);
        Assert.True(question.Cancel.IsCancellationRequested);
        question.SetAfter("a");
        await HandledAsync();
        Assert.False(_plans.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_newer_graph_is_asked_about_when_the_old_question_has_ended()
    {
        Begin(Of("a", "b"));
        var first = await _kind.QuestionAsync();
        Reload(Of("a", "b", "c"));
        await HandledAsync();
        Assert.True(first.Cancel.IsCancellationRequested);
        Assert.Equal(1, _kind.Asked);
        first.SetAfter("a");
        (await _kind.QuestionAsync()).SetAfter("c");
        Assert.Equal("c>a c>b", Edges(await PlanAsync()));
    }

    [Fact]
    public async Task A_kind_that_does_not_answer_is_gone_without_and_its_late_answer_counts()
    {
        Begin(Of("a", "b"));
        var question = await _kind.QuestionAsync();
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("", Edges(await PlanAsync()));
        Assert.Contains("cannot find automatic edges of surveyed resources yet", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.False(question.Cancel.IsCancellationRequested);
        question.SetAfter("b");
        Assert.Equal("b>a", Edges(await PlanAsync()));
    }

    [Fact]
    public async Task A_kind_that_throws_is_gone_without()
    {
        Begin(Of("a", "b"));
        (await _kind.QuestionAsync()).Answer.SetException(new InvalidOperationException("a bug"));
        Assert.Equal("", Edges(await PlanAsync()));
        Assert.Equal("cannot find automatic edges of surveyed resources: a bug", Assert.Single(_warnings));
    }

    [Fact]
    public async Task What_is_missing_is_told_once_and_taken_up_when_it_comes()
    {
        Begin(Of("a", "b"));
        (await _kind.QuestionAsync()).SetMissing("cannot reach the bus");
        await PlanAsync();
        (await AskedAgainAsync()).SetMissing("cannot reach the bus");
        (await AskedAgainAsync()).SetAfter("a");
        Assert.Equal("a>b", Edges(await PlanAsync()));
        Assert.Equal(["cannot reach the bus"], _warnings);
        (await AskedAgainAsync()).SetMissing("cannot reach the bus");
        Assert.Equal("", Edges(await PlanAsync()));
        Assert.Equal(["cannot reach the bus", "cannot reach the bus"], _warnings);
    }

    [Fact]
    public async Task News_that_change_nothing_exchange_nothing()
    {
        Begin(Of("a", "b"));
        (await _kind.QuestionAsync()).SetAfter("a");
        await PlanAsync();
        (await AskedAgainAsync()).SetAfter("a");
        (await AskedAgainAsync()).SetAfter("b");
        Assert.Equal("b>a", Edges(await PlanAsync()));
    }

    [Fact]
    public async Task News_during_a_question_lead_to_another_after_a_rest()
    {
        Begin(Of("a", "b"));
        var first = await _kind.QuestionAsync();
        _kind.RaiseOutdated();
        _kind.RaiseOutdated();
        await HandledAsync();
        first.SetAfter("a");
        await PlanAsync();
        await HandledAsync();
        Assert.Equal(1, _kind.Asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _kind.QuestionAsync()).SetAfter("b");
        Assert.Equal("b>a", Edges(await PlanAsync()));
        Assert.Equal(2, _kind.Asked);
    }

    [Fact]
    public async Task What_others_change_asks_nobody()
    {
        Begin(Of("a", "b"));
        (await _kind.QuestionAsync()).SetAfter("a");
        await PlanAsync();
        var next = Of("a", "b");
        Reload(next with { Resources = [.. next.Resources, new ResourceSpec(new Address("noop", "more"), Noop, new(Noop.Fields), Meta.Default, default)] });
        var plan = await PlanAsync();
        Assert.Equal(("a>b", 4), (Edges(plan), plan.Resources.Count));
        Assert.Equal(1, _kind.Asked);
    }

    [Fact]
    public async Task The_agent_does_not_end_converged_while_a_newer_graph_waits()
    {
        Begin(Of(), converged: 5);
        await PlanAsync();
        _inbox.Post(new AgentMessage.Converged());
        Reload(Of("a"));
        var question = await _kind.QuestionAsync();
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(6));
        await HandledAsync();
        Assert.False(_ended.IsCompleted);
        question.SetAfter("a");
        await PlanAsync();
    }

    [Fact]
    public async Task The_agent_ends_while_a_kind_thinks()
    {
        Begin(Of("a"));
        var question = await _kind.QuestionAsync();
        using var heeds = question.Cancel.Register(() => question.Answer.TrySetCanceled());
        _inbox.Post(new AgentMessage.Stop("SIGTERM"));
        await _ended.WaitAsync(Deadline);
        Assert.True(question.Cancel.IsCancellationRequested);
    }

    private Definition Of(params string[] names) =>
        new("g", [new ResourceSpec(new Address("noop", "n"), Noop, new(Noop.Fields), Meta.Default, default), .. names.Select(name => _kind.Spec(name))], [], [], []);

    private void Begin(Definition first, int? converged = null) => _ended = RunAsync(first, converged);

    private async Task<RunnerStatus> RunAsync(Definition first, int? converged)
    {
        var options = new AgentOptions { Files = [], Hostname = "h", Prefix = "", ConvergedTimeout = converged is { } wait ? TimeSpan.FromSeconds(wait) : null };
        await using var planner = new Planner(_time, _inbox.Post, _warnings.Enqueue);
        using var supervisor = new Supervisor(static _ => { }, null, _time, _inbox.Post);
        var deeds = new LoopDeeds { Tell = _told.Enqueue, Reload = _ => _next, Recollect = () => null, PutInForce = plan => _plans.Writer.TryWrite(plan), Trim = () => { } };
        using var loop = new AgentLoop(options, _inbox, _runner, planner, _time, deeds, supervisor);
        return await Task.Run(() => loop.RunAsync(first));
    }

    private void Reload(Definition next)
    {
        _next = next;
        _inbox.Post(new AgentMessage.Reload(IsSure: true));
    }

    private async Task<Plan> PlanAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await _plans.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>Tells of news and lets the rest pass; the question is put only when the answer before it was taken.</summary>
    private async Task<SurveyKind.Question> AskedAgainAsync()
    {
        var asked = _kind.Asked;
        for (var since = DateTime.UtcNow; _kind.Asked == asked; await HandledAsync())
        {
            _kind.RaiseOutdated();
            await HandledAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException("it is not asked again");
        }

        return await _kind.QuestionAsync();
    }

    /// <summary>Waits until everything that was posted so far has been handled.</summary>
    private async Task HandledAsync()
    {
        var before = _told.Count(report => report is StatusReport);
        _inbox.Post(new AgentMessage.Describe());
        for (var since = DateTime.UtcNow; _told.Count(report => report is StatusReport) == before; await Task.Yield())
        {
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"the loop does not answer; told: {string.Join(", ", _told)}");
        }
    }

    private static string Edges(Plan plan) => string.Join(' ', plan.Edges
        .Select(edge => $"{plan.Vertices[edge.From].Address.Name}>{plan.Vertices[edge.To].Address.Name}")
        .Order(StringComparer.Ordinal));
}
