using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Mgmt.Tools.Tests;

/// <summary>A command as a user would start it. What it prints is kept as it comes, as a spinner and a question have no line of their own. Everything that waits has a deadline, and says what was printed instead.</summary>
internal sealed partial class Command : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly Task _reading;
    private int _passed;

    private Command(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>The directory of the tools.</summary>
    public static string Tools { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../tools"));

    public int Id => _process.Id;

    /// <summary>All that was printed so far, on both streams.</summary>
    public string Seen
    {
        get
        {
            lock (_printed) return _printed.ToString();
        }
    }

    public static Command Start(string directory, IReadOnlyDictionary<string, string?> environment, params string[] words)
    {
        var tool = Path.Combine(Tools, words[0]);
        var start = new ProcessStartInfo(File.Exists(tool) ? tool : words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = directory };
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        return new Command(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string directory, IReadOnlyDictionary<string, string?> environment, params string[] words)
    {
        await using var command = Start(directory, environment, words);
        command.EndInput();
        return (await command.ExitAsync(), command.Seen);
    }

    /// <summary>Waits for a text behind the one that was waited for before.</summary>
    public async Task TextAsync(string text)
    {
        using var late = new CancellationTokenSource(Deadline);
        while (!Passes(text))
        {
            if (_reading.IsCompleted && !Passes(text)) throw new InvalidOperationException($"the command ended before \"{text}\"; seen:\n{Seen}");
            try
            {
                await _more.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no \"{text}\" within {Deadline.TotalSeconds} s; seen:\n{Seen}");
            }
        }
    }

    public async Task WriteAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    public void EndInput() => _process.StandardInput.Close();

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
            throw new TimeoutException($"the command did not end within {Deadline.TotalSeconds} s; seen:\n{Seen}");
        }

        return _process.ExitCode;
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _more.Dispose();
    }

    private bool Passes(string text)
    {
        lock (_printed)
        {
            var place = _printed.ToString(_passed, _printed.Length - _passed).IndexOf(text, StringComparison.Ordinal);
            if (place < 0) return false;
            _passed += place + text.Length;
            return true;
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_printed) _printed.Append(buffer, 0, count);
            _more.Release();
        }

        _more.Release();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}

internal static class Signal
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;
}
