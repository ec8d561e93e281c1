using System.Collections.Concurrent;
using Mgmt.Engine;
using Mgmt.Engine.Running;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests;

/// <summary>The agent's timeouts and its patience with files that are being written, on fake time.</summary>
public sealed class AgentLoopTests : IAsyncLifetime
{
    private const int Watchdog = 60;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly AgentInbox _inbox = new();
    private readonly List<bool> _reloads = [];
    private readonly ConcurrentQueue<Report> _told = [];
    private readonly ConcurrentQueue<string> _supervised = [];
    private readonly Runner _runner;
    private Action? _hold;
    private int _trims;

    public AgentLoopTests() => _runner = new Runner(new RunnerOptions(), _time, [], _ => Interlocked.Exchange(ref _hold, null)?.Invoke());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _runner.DisposeAsync();
        _inbox.Dispose();
    }

    [Fact]
    public async Task ItEndsSoLongAfterTheLastActivity()
    {
        var ended = Run(converged: 5);
        _inbox.Post(new AgentMessage.Converged());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(4));
        _inbox.Post(new AgentMessage.Active());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        _inbox.Post(new AgentMessage.Converged());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(4));
        await HandledAsync();
        Assert.False(ended.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ended.WaitAsync(Deadline);
        Assert.Contains(_told, report => report is StoppingReport { Reason: "--converged-timeout" });
    }

    [Fact]
    public async Task AnActivityAtTheLastMomentCounts()
    {
        var ended = Run(converged: 0);
        _inbox.Post(new AgentMessage.Converged());
        _inbox.Post(new AgentMessage.Active());
        await HandledAsync();
        Assert.False(ended.IsCompleted);
        _inbox.Post(new AgentMessage.Stop("test"));
        await ended.WaitAsync(Deadline);
    }

    [Fact]
    public async Task WithTheMeshItEndsWhenAllAreConvergedAndThisHostStillIs()
    {
        var ended = Run(converged: 0, cluster: true);
        _inbox.Post(new AgentMessage.Converged());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(60));
        _inbox.Post(new AgentMessage.Active());
        _inbox.Post(new AgentMessage.MeshConverged());
        await HandledAsync();
        Assert.False(ended.IsCompleted);
        _inbox.Post(new AgentMessage.Converged());
        _inbox.Post(new AgentMessage.MeshConverged());
        await ended.WaitAsync(Deadline);
        Assert.Contains(_told, report => report is StoppingReport { Reason: "--converged-timeout" });
    }

    [Fact]
    public async Task MaxRuntimeEndsIt()
    {
        var ended = Run(max: 60);
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(60));
        await ended.WaitAsync(Deadline);
        Assert.Contains(_told, report => report is StoppingReport { Reason: "--max-runtime" });
    }

    [Fact]
    public async Task MemoryIsGivenBackOnceAndWhenAllIsCalm()
    {
        var ended = Run();
        _inbox.Post(new AgentMessage.Converged());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        _inbox.Post(new AgentMessage.Active());
        await HandledAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await HandledAsync();
        Assert.Equal(0, _trims);
        for (var i = 0; i < 2; i++)
        {
            _inbox.Post(new AgentMessage.Converged());
            await HandledAsync();
            _time.Advance(TimeSpan.FromSeconds(2));
            await HandledAsync();
            Assert.Equal(1, _trims);
        }

        _inbox.Post(new AgentMessage.Stop("test"));
        await ended.WaitAsync(Deadline);
    }

    [Fact]
    public async Task AMistakeInAFileThatIsBeingWrittenIsLookedAtAgain()
    {
        var ended = Run();
        _inbox.Post(new AgentMessage.Reload(IsSure: false));
        _inbox.Post(new AgentMessage.Reload(IsSure: false));
        await HandledAsync();
        Assert.Equal([false], _reloads);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await HandledAsync();
        Assert.Equal([false, true], _reloads);
        _inbox.Post(new AgentMessage.Stop("test"));
        await ended.WaitAsync(Deadline);
    }

    [Fact]
    public async Task TheServiceManagerHearsOfStartReloadAndEnd()
    {
        var ended = Run();
        await HandledAsync();
        Assert.Equal(["READY=1"], FirstLines());
        _inbox.Post(new AgentMessage.Reload(IsSure: true));
        await HandledAsync();
        Assert.Equal(["READY=1", "RELOADING=1", "READY=1"], FirstLines());
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]+\n", _supervised.ElementAt(1));
        _inbox.Post(new AgentMessage.Stop("SIGTERM"));
        await ended.WaitAsync(Deadline);
        Assert.Equal("STOPPING=1\nSTATUS=ends: SIGTERM", _supervised.Last());
    }

    [Fact]
    public async Task ASignOfLifeComesOfTheLoopsAndNotOfATimer()
    {
        var ended = Run();
        await HandledAsync();
        for (var i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(Watchdog / 4));
            await HandledAsync();
            Assert.Equal(i, FirstLines().Count(static line => line == "WATCHDOG=1"));
        }

        // The runner stands still inside of a report: time goes on, and nothing is heard.
        using var isHeld = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        _hold = () =>
        {
            isHeld.Set();
            mayGoOn.Wait(Deadline);
        };
        var swapping = Task.Run(() => _runner.Swap(Mgmt.Engine.Plans.Plan.Empty));
        Assert.True(isHeld.Wait(Deadline));
        _time.Advance(TimeSpan.FromSeconds(Watchdog));
        _inbox.Post(new AgentMessage.Stop("test"));
        Assert.Equal(3, FirstLines().Count(static line => line == "WATCHDOG=1"));
        mayGoOn.Set();
        await swapping.WaitAsync(Deadline);
        await ended.WaitAsync(Deadline);
        Assert.InRange(FirstLines().Count(static line => line == "WATCHDOG=1"), 4, 7);
    }

    private List<string> FirstLines() => [.. _supervised.Select(static lines => lines.Split('\n')[0])];

    private Task<RunnerStatus> Run(int? converged = null, int? max = null, bool cluster = false)
    {
        var options = new AgentOptions
        {
            Files = [],
            Hostname = "h",
            Prefix = "",
            ConvergedTimeout = converged is { } wait ? TimeSpan.FromSeconds(wait) : null,
            ConvergedCluster = cluster,
            MaxRuntime = max is { } most ? TimeSpan.FromSeconds(most) : null,
        };
        return RunAsync(options);
    }

    private async Task<RunnerStatus> RunAsync(AgentOptions options)
    {
        await using var planner = new Planner(_time, _inbox.Post, _ => { });
        using var supervisor = new Supervisor(_supervised.Enqueue, TimeSpan.FromSeconds(Watchdog), _time, _inbox.Post);
        var deeds = new LoopDeeds { Tell = _told.Enqueue, Reload = Reload, Recollect = () => null, PutInForce = _ => { }, Trim = () => _trims++ };
        using var loop = new AgentLoop(options, _inbox, _runner, planner, _time, deeds, supervisor);
        return await Task.Run(() => loop.RunAsync(new Definition("", [], [], [], [])));
    }

    private Definition? Reload(bool tellMistakes)
    {
        _reloads.Add(tellMistakes);
        return null;
    }

    /// <summary>Waits until everything that was posted so far has been handled: the answer to a question that is asked last.</summary>
    private async Task HandledAsync()
    {
        var before = _told.Count(report => report is StatusReport);
        _inbox.Post(new AgentMessage.Describe());
        for (var since = DateTime.UtcNow; _told.Count(report => report is StatusReport) == before; await Task.Yield())
        {
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"the loop does not answer; told: {string.Join(", ", _told)}");
        }
    }
}
