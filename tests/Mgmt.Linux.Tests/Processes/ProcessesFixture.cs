using Mgmt.Linux.Processes;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Mgmt.Linux.Tests.Processes;

/// <summary>How long a test waits for what must happen.</summary>
internal static class Deadline
{
    internal static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    internal static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Time);
}

/// <summary>Short words for starting things.</summary>
internal static class Starting
{
    internal static Child Start(this Spawner spawner, CommandSpec spec)
    {
        Assert.True(spawner.TryStart(spec, out var child, out var error), error);
        return child;
    }

    internal static Child StartShell(this Spawner spawner, string script, IChildOutput? output = null, IChildOutput? errors = null) =>
        spawner.Start(new CommandSpec(["/bin/sh", "-c", script]) { Output = output, Errors = errors });
}

/// <summary>A directory of the test's own.</summary>
internal sealed class Place : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mgmt-procs-").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    internal void Script(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
    {
        File.WriteAllText(this[name], text);
        File.SetUnixFileMode(this[name], mode);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The lines that a child printed, to be waited for.</summary>
internal sealed class Lines : IChildOutput
{
    private readonly OutputLines _lines;
    private readonly System.Threading.Channels.Channel<string> _seen = System.Threading.Channels.Channel.CreateUnbounded<string>();

    internal Lines() => _lines = new OutputLines(line => _seen.Writer.TryWrite(line));

    public void Write(ReadOnlySpan<byte> bytes) => _lines.Write(bytes);

    public void End()
    {
        _lines.End();
        _seen.Writer.Complete();
    }

    internal Task<string> NextAsync() => _seen.Reader.ReadAsync().AsTask().Soon();

    internal async Task<int> NextPidAsync() => int.Parse(await NextAsync(), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Processes as the system sees them.</summary>
internal static class Pids
{
    internal static bool IsAlive(int pid) => ProcessTable.Find(pid) is { IsAlive: true };
}
