using System.Diagnostics;

namespace Mgmt.Tests;

/// <summary>A throw-away host with a real systemd, a bus and polkit, which tests/fixture starts and ends.</summary>
public sealed class TestHost : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string Scripts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../fixture"));

    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-host-").FullName;

    /// <summary>Why this machine cannot run one, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>What stands before the host's paths, for those that are seen from outside.</summary>
    public string Root => Path.Combine(_folder, "root");

    public string Address => $"unix:path={Root}/run/dbus/system_bus_socket";

    public string Units => Path.Combine(Root, "etc/systemd/system");

    public string Init => System.IO.File.ReadAllText(Path.Combine(_folder, "init")).Trim();

    public async Task InitializeAsync()
    {
        if (Missing is null) await RunHereAsync(Path.Combine(Scripts, "host-up"), _folder);
    }

    public async Task DisposeAsync()
    {
        if (Missing is null) await RunHereAsync(Path.Combine(Scripts, "host-down"), _folder);
        else Directory.Delete(_folder);
    }

    /// <summary>Runs a shell command in the host, and answers with what it printed.</summary>
    public Task<string> RunAsync(string command) =>
        RunHereAsync("nsenter", [.. Enter[1..], "/bin/sh", "-c", command]);

    /// <summary>What stands before a command that shall run in the host.</summary>
    public string[] Enter => ["nsenter", "-t", Init, "-m", "-p", "-C", "-i", "-u", "-r", "-w", "env", "-u", "DBUS_SYSTEM_BUS_ADDRESS"];

    /// <summary>Writes the file of a service that sleeps. systemd's limit of five starts in ten seconds is off: tests are quick.</summary>
    public void AddUnit(string name, string service = "ExecStart=/bin/sleep 100000", string more = "[Install]\nWantedBy=multi-user.target\n", string folder = "etc/systemd/system")
    {
        Directory.CreateDirectory(Path.Combine(Root, folder));
        System.IO.File.WriteAllText(Path.Combine(Root, folder, name), $"[Unit]\nDescription={name}\nDefaultDependencies=no\nStartLimitIntervalSec=0\n[Service]\n{service}\n{more}");
    }

    private static async Task<string> RunHereAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        using var late = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(late.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}: {await output}{await error}");
        return (await output).TrimEnd();
    }

    private static string? FindMissing()
    {
        if (!Environment.IsPrivilegedProcess) return "needs root, to start a host with systemd";
        string[] programs = ["/lib/systemd/systemd", "/usr/bin/dbus-daemon", "/usr/bin/busctl", "/usr/bin/unshare", "/usr/bin/nsenter", "/usr/bin/dpkg-deb"];
        if (Array.Find(programs, program => !System.IO.File.Exists(program)) is { } absent) return $"needs {absent}, to start a host with systemd";
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["-m", "-p", "-C", "-f", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : "needs namespaces and mounts, to start a host with systemd";
    }
}

/// <summary>A test that needs a host with systemd: where none can be started it is skipped, and says so.</summary>
internal sealed class HostFactAttribute : FactAttribute
{
    public HostFactAttribute() => Skip = TestHost.Missing;
}
