using System.Globalization;

namespace Mgmt.Acceptance.Tests;

/// <summary>Hosts as README has them, at 10.0.0.1 and up on one bridge: namespaces of this machine, each with its own name, network, <c>/etc</c> (with a graph in <c>/etc/mgmt</c>), <c>/run</c> and <c>/var/lib</c>, so that what README says is typed as it stands.</summary>
internal sealed class TourHosts : IAsyncDisposable
{
    // What is on the path in a host, and where its commands are typed, is seen by all: a token that one writes, the other reads.
    private const string Make =
        """
        set -e
        hostname "$0"
        mount -t tmpfs tmpfs /mnt
        cp -a /etc/. /mnt
        mkdir -p /mnt/mgmt
        printf 'graph: web\nresources:\n  file:\n  - {name: /etc/motd, content: "one of the mesh\\n"}\n' >/mnt/mgmt/motd.yaml
        mount --move /mnt /etc
        mount -t tmpfs tmpfs /run
        mount -t tmpfs tmpfs /var/lib
        ip link set lo up
        echo made
        exec sleep infinity
        """;

    private readonly Workplace _place = new();
    private readonly Dictionary<string, MgmtProcess> _hosts = [];
    private readonly List<MgmtProcess> _agents = [];
    private readonly MgmtProcess _bridge;

    private TourHosts(MgmtProcess bridge) => _bridge = bridge;

    /// <summary>The name of the host at 10.0.0.1.</summary>
    public string First => _hosts.Keys.First();

    /// <summary>Makes hosts of these names; the first one is 10.0.0.1.</summary>
    public static async Task<TourHosts> MakeAsync(params string[] names)
    {
        var hosts = new TourHosts(Hold("-nm", "ip link add br0 type bridge && ip link set br0 up && echo made && exec sleep infinity", ""));
        try
        {
            await hosts._bridge.LineAsync("made");
            Directory.CreateDirectory(hosts._place["bin"]);
            File.CreateSymbolicLink(hosts._place["bin/mgmt"], MgmtProcess.Binary);
            foreach (var name in names) await hosts.AddAsync(name);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a command that ends in order; answers what it printed.</summary>
    public async Task<string> TypeAsync(string host, string command)
    {
        await using var shell = Start(host, $"exec 2>&1\n{command}");
        var exitCode = await shell.ExitAsync();
        Assert.True(exitCode == 0, $"{host}$ {command}\nended with {exitCode}:\n{shell.Seen}\n{string.Join('\n', _agents.Select(static one => one.Printed()))}");
        return shell.Seen;
    }

    /// <summary>Types a command that stays, which is ended with the hosts.</summary>
    public MgmtProcess Stay(string host, string command)
    {
        var agent = Start(host, $"exec {command}");
        _agents.Add(agent);
        return agent;
    }

    /// <summary>A path of a host, as it is seen from outside.</summary>
    public string Seen(string host, string path) => string.Create(CultureInfo.InvariantCulture, $"/proc/{_hosts[host].Id}/root{path}");

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _agents.Concat(_hosts.Values).Append(_bridge)) await one.DisposeAsync();
        _place.Dispose();
    }

    private async Task AddAsync(string name)
    {
        var host = Hold("-nmu", Make, name);
        _hosts.Add(name, host);
        await host.LineAsync("made");
        var at = _hosts.Count;
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"ip link add eth0 netns {host.Id} type veth peer name p{at} netns {_bridge.Id}"));
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"nsenter -t {_bridge.Id} -n ip link set p{at} master br0 up"));
        await TypeAsync(name, string.Create(CultureInfo.InvariantCulture, $"ip address add 10.0.0.{at}/24 dev eth0 && ip link set eth0 up"));
    }

    private MgmtProcess Start(string host, string script) => MgmtProcess.Start(
        ["-t", _hosts[host].Id.ToString(CultureInfo.InvariantCulture), "-n", "-m", "-u", "/bin/sh", "-c", $"cd {_place.Root}\n{script}"],
        new() { ["PATH"] = $"{_place["bin"]}:{Environment.GetEnvironmentVariable("PATH")}" },
        "nsenter");

    /// <summary>Holds new namespaces until it is ended.</summary>
    private static MgmtProcess Hold(string namespaces, string script, string name) => MgmtProcess.Start([namespaces, "--propagation", "private", "/bin/sh", "-c", script, name], [], "unshare");

    private static Task<string> RunAsync(string command) => InstallTests.RunAsync("/bin/sh", ["-c", command], []);
}
