using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mgmt.Robustness.Voters;

/// <summary>One voter: its address, its directory and, while it runs, its process. What it prints goes to a log that stays through all its lives.</summary>
internal sealed partial class Voter : IAsyncDisposable
{
    public const int ClientPort = 2379;
    public const int PeerPort = 2380;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly string _directory;
    private readonly SmallDisk? _disk;
    private Process? _process;

    /// <summary>A voter with an address of its own, so that its ports can be nobody else's, not even while it is down.</summary>
    public Voter(string name, string host, string directory, int diskMiB)
    {
        (Name, Host, _directory) = (name, host, directory);
        Directory.CreateDirectory(Data);
        if (diskMiB > 0) _disk = new(Path.Combine(directory, "disk.img"), Data, diskMiB);
        Client = new(ClientUrl);
    }

    public string Name { get; }

    public string Host { get; }

    public string Data => Path.Combine(_directory, "data");

    public string ClientUrl => $"http://{Host}:{ClientPort}";

    public string PeerUrl => $"http://{Host}:{PeerPort}";

    /// <summary>The API of this voter; it lasts through its deaths.</summary>
    public EtcdClient Client { get; }

    public bool IsRunning => _process is { HasExited: false };

    public int Id => _process?.Id ?? 0;

    private string LogPath => Path.Combine(_directory, "log");

    /// <summary>Where this process sees the voter's directory, which may be a mount in the voter's own namespace.</summary>
    private string DataAsSeen => _disk is null ? Data : $"/proc/{Id}/root{Data}";

    public void Start(IReadOnlyList<string> command)
    {
        if (IsRunning) throw new InvalidOperationException($"{Name} runs already");
        File.AppendAllText(LogPath, $"--- start at {DateTime.UtcNow:HH:mm:ss.fff}: {string.Join(' ', command)}\n");
        var quoted = string.Join(' ', command.Select(static word => $"'{word}'"));
        var script = (_disk is null ? "" : _disk.MountCommand + " && ") + $"exec {quoted} >>'{LogPath}' 2>&1";
        string[] words = _disk is null ? ["sh", "-c", script] : ["unshare", "-m", "--propagation", "private", "sh", "-c", script];
        var start = new ProcessStartInfo(words[0]) { RedirectStandardInput = true };
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Waits for the process to end by itself. False when it does not in time.</summary>
    public async Task<bool> EndsAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        try
        {
            await _process!.WaitForExitAsync(late.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>SIGSTOP; returns when every thread stands, as the signal's sender does not wait for that.</summary>
    public void Freeze()
    {
        Signal(19);
        var since = Stopwatch.StartNew();
        while (Directory.GetDirectories($"/proc/{Id}/task").Select(StateOf).Any(static state => state != 'T'))
        {
            if (since.Elapsed > Deadline) throw new TimeoutException($"not all threads of {Name} stop");
            Thread.Yield();
        }
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal(18);

    /// <summary>Takes all it knows from a voter that is down.</summary>
    public void Wipe()
    {
        if (IsRunning) throw new InvalidOperationException($"{Name} runs");
        _disk?.Format();
        Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(Data);
    }

    /// <summary>Leaves no byte of room on the disk of a voter that runs and has a small one.</summary>
    public void FillDisk()
    {
        using var ballast = new FileStream(Path.Combine(DataAsSeen, "ballast"), new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0 });
        foreach (var size in new[] { 1 << 20, 1 << 12, 1 })
        {
            var block = new byte[size];
            try
            {
                for (; ;) ballast.Write(block);
            }
            catch (IOException)
            {
                // It is full for blocks of this size.
            }
        }

        ballast.Flush(flushToDisk: true);
    }

    /// <summary>Has room again from its next start on.</summary>
    public void EmptyDisk() => _disk!.RemoveAtMount("ballast");

    /// <summary>The end of what it printed.</summary>
    public string LogTail(int lines = 40) => File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(lines)) : "nothing printed";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        await Client.DisposeAsync();
    }

    private static char StateOf(string thread) => File.ReadAllText($"{thread}/stat") is var line ? line[line.LastIndexOf(')') + 2] : '?';

    private void Signal(int signal)
    {
        if (Kill(Id, signal) != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"cannot send signal {signal} to {Name}: errno {Marshal.GetLastPInvokeError()}"));
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);
}
