using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Mgmt.Acceptance.Tests;

/// <summary>The built program, started as a user would. Everything that waits has a deadline, and says what was printed instead.</summary>
internal sealed partial class MgmtProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _seen = [];
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private MgmtProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError))
            .ContinueWith(_ => _lines.Writer.Complete(), TaskScheduler.Default);
    }

    /// <summary>The program: MGMT_BINARY, or what the build made.</summary>
    public static string Binary { get; } = Environment.GetEnvironmentVariable("MGMT_BINARY") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Mgmt.Cli/bin", Configuration, "net10.0/mgmt"));

    public int Id => _process.Id;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Everything printed so far that was waited past.</summary>
    public string Seen => string.Join('\n', _seen);

    public static MgmtProcess Start(params string[] arguments) => Start(arguments, []);

    public static MgmtProcess Start(string[] arguments, Dictionary<string, string> environment, string? program = null)
    {
        var start = new ProcessStartInfo(program ?? Binary)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new MgmtProcess(process);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var mgmt = Start(arguments);
        return (await mgmt.ExitAsync(), mgmt.Seen);
    }

    /// <summary>Waits for a line that contains the text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var late = new CancellationTokenSource(Deadline);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(late.Token))
            {
                _seen.Add(line);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no line with \"{text}\" within {Deadline.TotalSeconds} s; seen:\n{Seen}");
        }

        throw new InvalidOperationException($"the program ended before a line with \"{text}\"; seen:\n{Seen}");
    }

    /// <summary>Waits for the end and answers the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var late = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _reading.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            while (_lines.Reader.TryRead(out var line)) _seen.Add(line);
            throw new TimeoutException($"the program did not end within {Deadline.TotalSeconds} s; seen:\n{Seen}");
        }

        while (_lines.Reader.TryRead(out var line)) _seen.Add(line);
        return _process.ExitCode;
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Stops the process, and returns when every one of its threads stands: the signal's sender does not wait for that.</summary>
    public void Freeze()
    {
        Signal(Acceptance.Tests.Signal.Stop);
        var since = Stopwatch.StartNew();
        while (Directory.GetDirectories($"/proc/{_process.Id}/task").Select(StateOf).Where(state => state != 'T').ToList() is { Count: > 0 } others)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), $"threads that do not stop: {string.Join(' ', others)}");
            Thread.Yield();
        }

        static char StateOf(string thread) => File.ReadAllText($"{thread}/stat") is var line ? line[line.LastIndexOf(')') + 2] : '?';
    }

    /// <summary>Takes what is printed without waiting for more.</summary>
    public string Printed()
    {
        while (_lines.Reader.TryRead(out var line)) _seen.Add(line);
        return Seen;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Whether a process is there and not merely waiting to be reaped.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) await _lines.Writer.WriteAsync(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}

internal static class Signal
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int KillNow = 9;
    public const int Terminate = 15;
    public const int Stop = 19;
    public const int Continue = 18;
}
