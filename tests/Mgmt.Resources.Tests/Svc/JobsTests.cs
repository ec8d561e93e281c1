using Mgmt.Linux.Bus;
using Mgmt.Resources.Svc;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>A job's end, its beginning and the loss of the bus in every order.</summary>
public sealed class JobsTests
{
    private const string Path = "/org/freedesktop/systemd1/job/7";

    private readonly Jobs _jobs = new();
    private readonly TaskCompletionSource<string> _answer = new();

    [Fact]
    public async Task An_end_before_the_answer_counts()
    {
        var run = RunAsync();
        _jobs.Ended(Path, "done");
        _answer.SetResult(Path);
        Assert.Equal("done", await run);
    }

    [Fact]
    public async Task An_end_after_the_answer_counts()
    {
        _answer.SetResult(Path);
        var run = RunAsync();
        Assert.False(run.IsCompleted);
        _jobs.Ended("/another", "failed");
        _jobs.Ended(Path, "canceled");
        Assert.Equal("canceled", await run);
    }

    [Fact]
    public async Task A_loss_while_the_job_runs_is_an_error()
    {
        _answer.SetResult(Path);
        var run = RunAsync();
        _jobs.Lost(new BusException("the bus died"));
        Assert.Equal("the bus died", (await Assert.ThrowsAsync<BusException>(() => run)).Message);
    }

    /// <summary>The bus's thread reads the answer, and next that the bus died; whoever made the call takes the answer up later, and would wait for an end that was never heard.</summary>
    [Fact]
    public async Task A_loss_between_the_answer_and_its_taker_is_an_error()
    {
        var run = _jobs.RunAsync(
            () =>
            {
                _jobs.Lost(new BusException("the bus died"));
                return Task.FromResult(Path);
            },
            TimeSpan.FromSeconds(90),
            TimeProvider.System,
            default);
        Assert.True(run.IsFaulted, "it waits for an end that cannot be heard");
        Assert.Equal("the bus died", (await Assert.ThrowsAsync<BusException>(() => run)).Message);
    }

    [Fact]
    public async Task A_loss_before_the_job_began_is_none_of_its_business()
    {
        _jobs.Lost(new BusException("the bus died"));
        var run = RunAsync();
        _answer.SetResult(Path);
        _jobs.Ended(Path, "done");
        Assert.Equal("done", await run);
    }

    [Fact]
    public async Task One_job_has_two_takers_when_two_start_one_unit()
    {
        _answer.SetResult(Path);
        var (one, other) = (RunAsync(), RunAsync());
        using var impatient = new CancellationTokenSource();
        var gone = _jobs.RunAsync(() => _answer.Task, TimeSpan.FromSeconds(90), TimeProvider.System, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _jobs.Ended(Path, "done");
        Assert.Equal(["done", "done"], await Task.WhenAll(one, other));
    }

    private Task<string> RunAsync() => _jobs.RunAsync(() => _answer.Task, TimeSpan.FromSeconds(90), TimeProvider.System, default);
}
