using System.Threading.Channels;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Engine.Tests.Running;

/// <summary>The shell's part in checking members of a group together: whose results they are, exceptions, time and the end.</summary>
public sealed class RunnerJointTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>();
    private readonly List<Report> _seen = [];
    private readonly FakeTimeProvider _time = new();
    private readonly FakeJoint _one = new();
    private readonly FakeJoint _other = new();
    private readonly TestKind _kind;
    private readonly Runner _runner;

    public RunnerJointTests()
    {
        _kind = new TestKind(spec => spec.Address.Name == "a" ? _one : _other);
        _runner = new Runner(new RunnerOptions(), _time, [], report => _reports.Writer.TryWrite(report));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _runner.DisposeAsync();

    [Fact]
    public async Task Each_has_the_result_that_stands_at_its_place()
    {
        IReadOnlyList<JointCheck> asked = [];
        _one.Together = (members, _) =>
        {
            asked = members;
            return Results(CheckResult.Changed("missing", "made"), CheckResult.Failed("cannot find it"));
        };
        Run("a(v=g) b(v=g noop=true)");
        var converged = await ReportAsync<ConvergedReport>();
        Assert.Equal([new JointCheck(_one, new CheckRequest(true, CheckReasons.Definition)), new JointCheck(_other, new CheckRequest(false, CheckReasons.Definition))], asked);
        Assert.Equal(new RunSummary(2, 1, 1, 0, TimeSpan.Zero), converged.Summary);
        Assert.Equal("made", ResultOf("a").Done);
        Assert.Equal("cannot find it", ResultOf("b").Wrong);
    }

    [Fact]
    public async Task What_is_thrown_fails_all_of_them()
    {
        _one.Together = (_, _) => throw new ResourceException("cannot reach it");
        Run("a(v=g) b(v=g)");
        Assert.Equal(2, (await ReportAsync<ConvergedReport>()).Summary.Failed);
        Assert.Equal("cannot reach it", ResultOf("b").Wrong);
    }

    [Fact]
    public async Task Too_few_results_fail_all_of_them()
    {
        _one.Together = (_, _) => Results(CheckResult.InOrder);
        Run("a(v=g) b(v=g)");
        Assert.Equal(2, (await ReportAsync<ConvergedReport>()).Summary.Failed);
        Assert.Contains("1 results came for 2", ResultOf("a").Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_fails_its_own_member_and_the_others_go_on()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        var wasCancelled = true;
        _one.Together = async (_, cancel) =>
        {
            begun.SetResult();
            await end.Task;
            wasCancelled = cancel.IsCancellationRequested;
            return [CheckResult.InOrder, CheckResult.InOrder];
        };
        Run("a(v=g timeout=1000) b(v=g)");
        await begun.Task.WaitAsync(Deadline);
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = await ReportAsync<CheckReport>();
        Assert.Equal(("a", "cannot finish within 1000 ms, which meta timeout allows"), (late.Address.Name, late.Result.Wrong));
        Assert.Equal(VertexState.Running, (await _runner.DescribeAsync()).Vertices[0].State);
        end.SetResult();
        Assert.Equal(1, (await ReportAsync<ConvergedReport>()).Summary.Failed);
        Assert.False(wasCancelled);
        Assert.Equal(Outcome.InOrder, ResultOf("b").Outcome);
        Assert.Single(_seen.OfType<CheckReport>(), report => report.Address.Name == "a");
    }

    [Fact]
    public async Task When_all_are_too_late_the_check_is_cancelled()
    {
        var begun = new TaskCompletionSource();
        _one.Together = async (_, cancel) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return [];
        };
        Run("a(v=g timeout=1000) b(v=g timeout=2000)");
        await begun.Task.WaitAsync(Deadline);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync<CheckReport>();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await ReportAsync<ConvergedReport>()).Summary.Failed);
        Assert.Contains("2000 ms", ResultOf("b").Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_waits_for_it_and_then_cancels_it()
    {
        var begun = new TaskCompletionSource();
        _one.Together = async (_, cancel) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return [];
        };
        Run("a(v=g) b(v=g)");
        await begun.Task.WaitAsync(Deadline);
        var stopped = _runner.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.False(stopped.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await stopped.WaitAsync(Deadline));
        await ReportAsync<CheckReport>();
        Assert.Equal("cannot finish: the agent is stopping", ResultOf("a").Wrong);
    }

    private static ValueTask<IReadOnlyList<CheckResult>> Results(params CheckResult[] results) => ValueTask.FromResult<IReadOnlyList<CheckResult>>(results);

    private void Run(string plan) => _runner.Swap(PlanText.Parse(_kind, plan));

    private CheckResult ResultOf(string name) => _seen.OfType<CheckReport>().Last(report => report.Address.Name == name).Result;

    private async Task<T> ReportAsync<T>()
        where T : Report
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                var report = await _reports.Reader.ReadAsync(deadline.Token);
                _seen.Add(report);
                if (report is T wanted) return wanted;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {typeof(T).Name} came; seen: {string.Join(", ", _seen)}");
        }
    }
}
