using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Resources.File;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.File;

/// <summary>A file kind with its services, on a scratch directory.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly FileWriter _writer;

    internal Bench(FileWriter? writer = null)
    {
        _writer = writer ?? new FileWriter();
        Watcher = new PathWatcher(Faults.Add);
        Kind = new FileKind(Watcher, _writer);
    }

    internal Scratch Scratch { get; } = new();

    internal List<Exception> Faults { get; } = [];

    internal PathWatcher Watcher { get; }

    internal FileKind Kind { get; }

    /// <summary>A specification; the name is a path under the scratch directory unless it is absolute.</summary>
    internal ResourceSpec Spec(string name, params (string Field, object Value)[] written)
    {
        var path = name.StartsWith('/') ? name : Scratch.At(name);
        var values = Values(written);
        var problems = Kind.Check(path, values).ToList();
        Assert.True(problems.Count == 0, string.Join("; ", problems.Select(problem => problem.Message)));
        return new ResourceSpec(new Address("file", path), Kind, values, Meta.Default, default);
    }

    internal FieldValues Values(params (string Field, object Value)[] written)
    {
        var values = new Dictionary<Field, object>();
        foreach (var (name, value) in written)
        {
            Assert.True(Kind.Fields.TryFind(name, out var field), name);
            Assert.Null(field.Check(value));
            values.Add(field, value);
        }

        return new FieldValues(Kind.Fields, values);
    }

    internal IResource Make(string name, params (string Field, object Value)[] written) => Kind.Create(Spec(name, written));

    internal static async Task<CheckResult> Apply(IResource resource) => await resource.CheckAsync(new CheckRequest(Apply: true, CheckReasons.Definition), default);

    internal static async Task<CheckResult> Look(IResource resource) => await resource.CheckAsync(new CheckRequest(Apply: false, CheckReasons.Definition), default);

    public async ValueTask DisposeAsync()
    {
        await Watcher.DisposeAsync();
        _writer.Dispose();
        Scratch.Dispose();
        Assert.Empty(Faults);
    }
}

/// <summary>A sink that keeps what it was told.</summary>
internal sealed class Recorder(Action<bool>? then = null) : IWatchSink
{
    private readonly Lock _gate = new();
    private readonly List<string> _told = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal int Count
    {
        get
        {
            lock (_gate) return _told.Count;
        }
    }

    public void Changed(bool mayRunHere)
    {
        Add(mayRunHere ? "changed here" : "changed");
        then?.Invoke(mayRunHere);
    }

    public void Ended(string error) => Add(error);

    /// <summary>Waits until it was told more than a number of times.</summary>
    internal async Task WaitBeyond(int count)
    {
        for (var limit = Task.Delay(TimeSpan.FromSeconds(20)); ;)
        {
            Task next;
            lock (_gate)
            {
                if (_told.Count > count) return;
                next = _next.Task;
            }

            if (await Task.WhenAny(next, limit) == limit) Assert.Fail($"waited for more than {count} calls, saw: {this}");
        }
    }

    public override string ToString()
    {
        lock (_gate) return string.Join(", ", _told);
    }

    private void Add(string what)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            _told.Add(what);
            next = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        next.SetResult();
    }
}
