using System.Diagnostics;
using System.Text.Json;

namespace Mgmt.Acceptance.Tests;

/// <summary>A throw-away host on which the package was installed with apt.</summary>
public sealed class PackagedHost : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TestHost _host = new();
    private readonly Workplace _place = new();

    /// <summary>The package, seen from outside.</summary>
    public string Package { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (NativeHostFactAttribute.Missing is not null) return;
        Package = await MakeAsync(_place.Root);
        await _host.InitializeAsync();

        // The host has come up no further than its bus: what a whole system has before its services is not there, and no test's business.
        await RunAsync("for unit in mgmt mgmt-voter; do mkdir -p /etc/systemd/system/$unit.service.d; printf '[Unit]\\nDefaultDependencies=no\\n' >/etc/systemd/system/$unit.service.d/nodeps.conf; done");
        await RunAsync("rm -f /usr/sbin/policy-rc.d; systemctl daemon-reload; systemctl start systemd-journald.socket systemd-journald.service");
        await InstallAsync();
    }

    public async Task DisposeAsync()
    {
        _place.Dispose();
        if (NativeHostFactAttribute.Missing is null) await _host.DisposeAsync();
    }

    /// <summary>Packs the program under test; answers the package's path.</summary>
    internal static async Task<string> MakeAsync(string folder)
    {
        await InstallTests.RunAsync(Path.Combine(InstallTests.Root, "tools/package"), [folder], new() { ["MGMT_BINARY"] = MgmtProcess.Binary, ["MGMT_NO_DEBUG"] = "1" });
        return Directory.GetFiles(folder, "mgmt_*.deb").Single();
    }

    /// <summary>As a user does.</summary>
    public Task<string> InstallAsync()
    {
        File.Copy(Package, Seen("/root/" + Path.GetFileName(Package)), overwrite: true);
        return RunAsync($"cd /root && DEBIAN_FRONTEND=noninteractive apt-get install -y ./{Path.GetFileName(Package)} 2>&1");
    }

    /// <summary>What a shell command in the host prints.</summary>
    public Task<string> RunAsync(string command) => _host.RunAsync(command);

    /// <summary>Writes a file of the host.</summary>
    public void Write(string path, string text) => File.WriteAllText(Seen(path), text);

    private string Seen(string path) => $"/proc/{_host.Init}/root{path}";

    /// <summary>Asks again until the answer is as wanted.</summary>
    public async Task<string> UntilAsync(string command, Func<string, bool> isWanted)
    {
        for (var since = Stopwatch.StartNew(); ;)
        {
            var output = await RunAsync(command);
            if (isWanted(output)) return output;
            if (since.Elapsed > Deadline) throw new TimeoutException($"after {Deadline.TotalSeconds} s {command} still prints: {output}\n{await RunAsync("journalctl --no-pager -n 50; systemctl status --no-pager mgmt mgmt-voter || true")}");
        }
    }

    /// <summary>Waits until the journal has an entry of a unit whose fields are as wanted.</summary>
    internal async Task<JsonElement> EntryAsync(string unit, params (string Field, string Value)[] fields)
    {
        var output = await UntilAsync($"journalctl --no-pager -o json -u {unit}", text => Entries(text).Any(IsIt));
        return Entries(output).Last(IsIt);

        bool IsIt(JsonElement entry) => fields.All(one => entry.TryGetProperty(one.Field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() == one.Value);
    }

    private static IEnumerable<JsonElement> Entries(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line.StartsWith('{')).Select(static line => JsonDocument.Parse(line).RootElement);
}
