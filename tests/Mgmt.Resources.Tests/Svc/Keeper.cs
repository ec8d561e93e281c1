using System.Diagnostics;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Inotify;
using Mgmt.Resources.Svc;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>Keeps units of a test host with the real runner, and lets the test wait for what it reports.</summary>
internal sealed class Keeper : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TestHost _host;
    private readonly BusConnection _bus;
    private readonly BusConnection _userBus;
    private readonly PathWatcher _watcher;
    private readonly Runner _runner;
    private readonly SvcKind _kind;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly List<string> _seen = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Keeper(TestHost host, bool noop = false, string? address = null, string userAddress = "", TimeProvider? time = null)
    {
        _host = host;
        _bus = new BusConnection(BusAddress.At(address ?? host.Address), error => Note($"fault {error}"));
        _watcher = new PathWatcher(error => Note($"fault {error}"));
        _userBus = new BusConnection(new BusAddress("the user bus", () => (userAddress, "there is none")), error => Note($"fault {error}"));
        _kind = new SvcKind(_bus, _userBus, _watcher, time ?? TimeProvider.System, packages: null, host.Root);
        _kind.Outdated += (_, _) => Note("outdated");
        _runner = new Runner(new RunnerOptions { Noop = noop }, TimeProvider.System, [_kind], Tell);
    }

    internal SvcKind Kind => _kind;

    internal string Seen
    {
        get
        {
            lock (_seen) return string.Join("\n  ", _seen);
        }
    }

    internal ResourceSpec Spec(string name, params (string Field, object Value)[] fields)
    {
        var values = fields.ToDictionary(one => _kind.Fields.TryFind(one.Field, out var field) ? field : throw new ArgumentException(one.Field), one => one.Value);
        return new ResourceSpec(new Address("svc", name), _kind, new FieldValues(_kind.Fields, values), Meta.Default, default);
    }

    internal IResource Make(string name, params (string Field, object Value)[] fields) => _kind.Create(Spec(name, fields));

    /// <summary>Begins to keep units, and waits until all is converged.</summary>
    internal Task KeepAsync(string name, params (string Field, object Value)[] fields) => KeepAsync(Spec(name, fields));

    internal async Task KeepAsync(params ResourceSpec[] specs)
    {
        _runner.Swap(Compiler.Compile(new Definition("test", specs, [], [], [])));

        // What was kept before may converge only now.
        await SeesAsync(nameof(SwapReport));
        await SeesAsync("converged");
    }

    /// <summary>Waits until something has been reported that was not waited past yet.</summary>
    internal async Task SeesAsync(string text, bool fromStart = false)
    {
        if (fromStart) Passed = 0;
        await UntilAsync(() => Task.FromResult(IsSeen(text)), $"\"{text}\"");
    }

    /// <summary>Waits until something is so, asking after each report: what the runner did is done when it reports it.</summary>
    internal async Task UntilAsync(Func<Task<bool>> isSo, string words)
    {
        using var late = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task next;
            lock (_seen) next = _next.Task;
            if (await isSo()) return;
            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no {words} within {Deadline.TotalSeconds} s; seen, {Passed} of it waited past:\n  {Seen}\n{await TellStateAsync()}");
            }
        }
    }

    private int Passed { get; set; }

    private bool IsSeen(string text)
    {
        lock (_seen)
        {
            var at = _seen.FindIndex(Passed, line => line.Contains(text, StringComparison.Ordinal));
            if (at >= 0) Passed = at + 1;
            return at >= 0;
        }
    }

    private async Task<string> TellStateAsync()
    {
        var status = await _runner.DescribeAsync();
        return $"not settled: {string.Join("\n  ", status.Vertices.Where(one => one.State != VertexState.InOrder))}\n{await _host.RunAsync("systemctl list-jobs --no-pager || true")}";
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        await _bus.DisposeAsync();
        await _userBus.DisposeAsync();
        await _watcher.DisposeAsync();
        Assert.DoesNotContain("fault", Seen, StringComparison.Ordinal);
    }

    private void Tell(Report report) => Note(report switch
    {
        CheckReport check => $"{check.Address} {check.Result.Outcome} [{check.Result.Wrong}] [{check.Result.Done}] {check.Reasons} in {check.Took.TotalMilliseconds:0.0} ms",
        WatchLostReport lost => $"{lost.Address} lost: {lost.Error}",
        ConvergedReport done => $"converged, {done.Summary.Failed} failed",
        FaultReport fault => $"fault {fault.Error}",
        _ => report.GetType().Name,
    });

    private void Note(string line)
    {
        lock (_seen)
        {
            _seen.Add($"{_since.Elapsed.TotalSeconds:0.000} {line}");
            _next.SetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
