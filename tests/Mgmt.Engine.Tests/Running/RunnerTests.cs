using System.Threading.Channels;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Engine.Tests.Running;

/// <summary>The shell: threads, exceptions, time and the end. What is decided is the core's business and tested there.</summary>
public sealed class RunnerTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, FakeResource> _resources = [];
    private readonly Channel<Report> _reports = Channel.CreateUnbounded<Report>();
    private readonly List<Report> _seen = [];
    private readonly FakeTimeProvider _time = new();
    private readonly TestKind _kind;
    private readonly Runner _runner;

    public RunnerTests()
    {
        _kind = new TestKind(spec => _resources.TryGetValue(spec.Address.Name, out var one) ? one : throw new InvalidOperationException("no such resource"));
        _runner = new Runner(new RunnerOptions(), _time, [], report => _reports.Writer.TryWrite(report));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _runner.DisposeAsync();

    [Fact]
    public async Task AQuickResourceIsRepairedOnTheThreadThatSawTheDrift()
    {
        var thread = 0;
        var one = _resources["a"] = new FakeResource { IsQuick = true };
        Run("a");
        await ReportAsync<ConvergedReport>();
        one.Check = (_, _) =>
        {
            thread = Environment.CurrentManagedThreadId;
            return ValueTask.FromResult(CheckResult.Changed("missing", "wrote it"));
        };
        var seer = 0;
        var repairedBeforeReturn = false;
        var watcher = new Thread(() =>
        {
            seer = Environment.CurrentManagedThreadId;
            one.Sink!.Changed(mayRunHere: true);
            repairedBeforeReturn = thread != 0;
        });
        watcher.Start();
        Assert.True(watcher.Join(Deadline));
        await ReportAsync<ConvergedReport>();
        Assert.Equal(seer, thread);
        Assert.True(repairedBeforeReturn);
    }

    [Fact]
    public async Task WhateverAResourceThrowsIsItsOwnFailure()
    {
        _resources["throws"] = new FakeResource { Check = (_, _) => throw new InvalidOperationException("a bug") };
        _resources["unwatched"] = new FakeResource { Watch = _ => throw new ResourceException("cannot watch it") };
        _resources["fine"] = new FakeResource();
        Run("throws unwatched fine missing below | throws->below");
        var converged = await ReportAsync<ConvergedReport>();
        Assert.Equal(new RunSummary(4, 0, 2, 1, TimeSpan.Zero), converged.Summary);
        Assert.Contains(_seen, report => report is CheckReport { Address.Name: "throws", Result: { Outcome: Outcome.Failed } result } && result.Wrong.Contains("a bug", StringComparison.Ordinal));
        Assert.Contains(_seen, report => report is WatchLostReport { Address.Name: "unwatched", Error: "cannot watch it" });
        Assert.Contains(_seen, report => report is CheckReport { Address.Name: "missing", Result.Outcome: Outcome.Failed });
    }

    [Fact]
    public async Task AWatchThatEndsWhileItIsOpenedIsOpenedAgain()
    {
        var first = true;
        var one = _resources["a"] = new FakeResource
        {
            Watch = sink =>
            {
                if (first) sink.Ended("cannot go on");
                first = false;
            },
        };
        Run("a");
        await ReportAsync<ConvergedReport>();
        Assert.Equal(1, one.Closed);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync<ConvergedReport>();
        Assert.Equal((2, 1), (one.Watches, one.Closed));
        var status = await _runner.DescribeAsync();
        Assert.Equal("", status.Vertices[0].WatchError);
    }

    [Fact]
    public async Task ACheckThatTakesTooLongIsEnded()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _resources["a"] = new FakeResource
        {
            Check = async (_, cancel) =>
            {
                begun.SetResult();
                return await NeverAsync(cancel);
            },
        };
        Run("a(timeout=500)");
        await begun.Task.WaitAsync(Deadline);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        var check = await ReportAsync<CheckReport>();
        Assert.Equal("cannot finish within 500 ms, which meta timeout allows", check.Result.Wrong);
    }

    [Fact]
    public async Task StoppingWaitsForWhatRunsUntilItIsHurried()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource();
        _resources["a"] = new FakeResource
        {
            Check = async (_, cancel) =>
            {
                await using var registration = cancel.Register(ended.SetResult);
                begun.SetResult();
                return await NeverAsync(cancel);
            },
        };
        Run("a");
        await begun.Task.WaitAsync(Deadline);
        using var hurry = new CancellationTokenSource();
        var stopped = _runner.StopAsync(TimeSpan.FromSeconds(10), hurry.Token);
        Assert.False(stopped.IsCompleted);
        Assert.False(ended.Task.IsCompleted);
        await hurry.CancelAsync();
        Assert.True(await stopped.WaitAsync(Deadline));
        await ended.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task ALargeGraphConverges()
    {
        var names = Enumerable.Range(0, 5000).Select(i => $"n{i}").ToList();
        foreach (var name in names) _resources[name] = new FakeResource();
        Run(string.Join(' ', names) + " | " + string.Join(' ', names.Skip(1).Select((name, i) => $"n{i / 2}->{name}")));
        Assert.Equal(5000, (await ReportAsync<ConvergedReport>()).Summary.Checked);
    }

    private static async Task<CheckResult> NeverAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        return CheckResult.InOrder;
    }

    private void Run(string plan) => _runner.Swap(PlanText.Parse(_kind, plan));

    private async Task<T> ReportAsync<T>()
        where T : Report
    {
        using var late = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                var report = await _reports.Reader.ReadAsync(late.Token);
                _seen.Add(report);
                if (report is T wanted) return wanted;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no {typeof(T).Name}; seen: {string.Join("\n", _seen)}");
        }
    }
}
