using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Pkg;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Pkg;

[CollectionDefinition(nameof(PkgKeeper))]
public sealed class PkgHostCollection : ICollectionFixture<TestHost>;

/// <summary>Keeps packages of a test host with the real runner, and lets the test wait for what it reports.</summary>
internal sealed class PkgKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TestHost _host;
    private readonly BusConnection _bus;
    private readonly PathWatcher _watcher;
    private readonly Spawner _spawner = new();
    private readonly Runner _runner;
    private readonly List<string> _seen = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _passed;

    internal PkgKeeper(TestHost host, bool noop = false, string? address = null)
    {
        _host = host;
        _bus = new BusConnection(BusAddress.At(address ?? host.Address), error => Note($"fault {error}"));
        _watcher = new PathWatcher(error => Note($"fault {error}"));
        Kind = new PkgKind(_bus, _watcher, _spawner, TimeProvider.System, new PackagePlace(host.Root, host.Enter));
        _runner = new Runner(new RunnerOptions { Noop = noop }, TimeProvider.System, [Kind], Tell);
    }

    internal PkgKind Kind { get; }

    internal string Seen
    {
        get
        {
            lock (_seen) return string.Join("\n  ", _seen);
        }
    }

    /// <summary>How many reports told of something.</summary>
    internal int Count(string text)
    {
        lock (_seen) return _seen.Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    internal ResourceSpec Spec(string name, params (string Field, object Value)[] fields)
    {
        var values = fields.ToDictionary(one => Kind.Fields.TryFind(one.Field, out var field) ? field : throw new ArgumentException(one.Field), one => one.Value);
        return new ResourceSpec(new Address("pkg", name), Kind, new FieldValues(Kind.Fields, values), Meta.Default, default);
    }

    internal IJointResource Make(string name, params (string Field, object Value)[] fields) => (IJointResource)Kind.Create(Spec(name, fields));

    internal async Task<CheckResult> CheckAsync(string name, params (string Field, object Value)[] fields) =>
        await Make(name, fields).CheckAsync(new CheckRequest(Apply: true, CheckReasons.Definition), default);

    internal async Task<IReadOnlyList<CheckResult>> CheckTogetherAsync(string state, params string[] names)
    {
        var members = names.Select(name => new JointCheck(Make(name, ("state", state)), new CheckRequest(Apply: true, CheckReasons.Definition))).ToList();
        return await ((IJointResource)members[0].Resource).CheckTogetherAsync(members, default);
    }

    internal async Task KeepAsync(params ResourceSpec[] specs)
    {
        _runner.Swap(Compiler.Compile(new Definition("test", specs, [], [], [])));

        // What was kept before may converge only now.
        await SeesAsync(nameof(SwapReport));
        await SeesAsync("converged");
    }

    internal Task KeepAsync(string name, params (string Field, object Value)[] fields) => KeepAsync(Spec(name, fields));

    /// <summary>Waits until something has been reported that was not waited past yet.</summary>
    internal async Task SeesAsync(string text, bool fromStart = false)
    {
        if (fromStart) _passed = 0;
        using var late = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task next;
            lock (_seen)
            {
                var at = _seen.FindIndex(_passed, line => line.Contains(text, StringComparison.Ordinal));
                if (at >= 0)
                {
                    _passed = at + 1;
                    return;
                }

                next = _next.Task;
            }

            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no \"{text}\" within {Deadline.TotalSeconds} s; seen, {_passed} of it waited past:\n  {Seen}\n{await _host.RunAsync("tail -20 /var/log/dpkg.log; dpkg -l 'ptest*'; pkcon -p get-updates || true")}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        await _spawner.DisposeAsync();
        await _bus.DisposeAsync();
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
            _seen.Add(line);
            _next.SetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
