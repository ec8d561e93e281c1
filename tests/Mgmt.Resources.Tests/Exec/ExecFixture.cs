using System.Threading.Channels;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Tests.Exec;

// The tests of the file kind live in a namespace of that name.
using File = System.IO.File;

/// <summary>Execs made from fields as a graph file would write them, and a directory of the test's own.</summary>
public abstract class ExecFixture : IAsyncLifetime
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal string Place { get; } = Directory.CreateTempSubdirectory("mgmt-exec-").FullName;

    internal Spawner Spawner { get; } = new();

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Spawner.DisposeAsync();
        Directory.Delete(Place, recursive: true);
    }

    internal string InPlace(string name) => Path.Combine(Place, name);

    /// <summary>The lines of a file that commands append to; none when it is missing.</summary>
    internal string[] Log(string name = "log") => File.Exists(InPlace(name)) ? File.ReadAllLines(InPlace(name)) : [];

    internal static FieldValues Values(Kind kind, params (string Name, object Value)[] fields) => new(kind.Fields, fields.ToDictionary(
        one => kind.Fields.TryFind(one.Name, out var field) ? field : throw new ArgumentException(one.Name),
        one => one.Value is int number ? (long)number : one.Value));

    internal IResource Make(params (string Name, object Value)[] fields)
    {
        var kind = new ExecKind(Spawner, Time);
        var values = Values(kind, [.. fields, ("cwd", Place)]);
        Assert.Empty(kind.Check("one", values));
        return kind.Create(new ResourceSpec(new Address("exec", "one"), kind, values, Meta.Default, default));
    }

    internal static Task<CheckResult> CheckAsync(IResource resource, CheckReasons reasons = CheckReasons.Definition, bool apply = true, CancellationToken cancel = default) =>
        resource.CheckAsync(new CheckRequest(apply, reasons), cancel).AsTask().WaitAsync(Deadline, CancellationToken.None);
}

/// <summary>A sink whose calls can be waited for.</summary>
internal sealed class Sink : IWatchSink
{
    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();

    public void Changed(bool mayRunHere = false) => _calls.Writer.TryWrite("changed");

    public void Ended(string error) => _calls.Writer.TryWrite(error);

    internal Task<string> NextAsync() => _calls.Reader.ReadAsync().AsTask().WaitAsync(ExecFixture.Deadline);

    internal int Count => _calls.Reader.Count;
}
