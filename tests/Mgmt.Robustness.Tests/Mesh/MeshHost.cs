using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Mesh;

/// <summary>One host of a mesh: its network, its directory and, while it runs, its agent. It is asked through its own socket, as its users do.</summary>
internal sealed partial class MeshHost(string name, string networkNamespace, string address, string directory) : IAsyncDisposable
{
    private Process? _agent;

    public string Name => name;

    public string Address => address;

    public string Prefix => Path.Combine(directory, "state");

    /// <summary>The agent's API; it lasts through its deaths.</summary>
    public EtcdClient Client { get; } = EtcdClient.OfSocket(Path.Combine(directory, "state", "agent.sock"));

    public bool IsRunning => _agent is { HasExited: false };

    private string LogPath => Path.Combine(directory, "log");

    public void Start(params IReadOnlyList<string> flags)
    {
        string[] command = [MgmtSubject.Program, "run", "--prefix", Prefix, "--hostname", name, "--advertise", address, .. flags];
        File.AppendAllText(LogPath, $"--- start at {DateTime.UtcNow:HH:mm:ss.fff}: {string.Join(' ', command)}\n");
        var start = new ProcessStartInfo("ip") { RedirectStandardInput = true };
        foreach (var word in new[] { "netns", "exec", networkNamespace, "sh", "-c", $"exec {string.Join(' ', command.Select(static word => $"'{word}'"))} >>'{LogPath}' 2>&1" }) start.ArgumentList.Add(word);
        _agent?.Dispose();
        _agent = Process.Start(start)!;
        _agent.StandardInput.Close();
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_agent is null) return;
        if (!_agent.HasExited) _agent.Kill();
        await _agent.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>An orderly end.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        if (Send(_agent!.Id, 15) != 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"cannot end {name}: errno {Marshal.GetLastPInvokeError()}"));
        await _agent.WaitForExitAsync(CancellationToken.None).WaitAsync(within);
    }

    /// <summary>The end of what it printed.</summary>
    public string LogTail(int lines = 40) => File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(lines)) : "nothing printed";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _agent?.Dispose();
        await Client.DisposeAsync();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int id, int signal);
}
