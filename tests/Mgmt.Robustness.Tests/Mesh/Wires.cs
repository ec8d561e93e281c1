using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Mgmt.Robustness.Mesh;

/// <summary>
/// Hosts' networks: a network namespace for each, with an address of its own on one bridge. What one host sends another can be made to get lost, in one direction
/// or both, as in a cable that is broken: nobody is told.
/// </summary>
internal sealed class Wires : IDisposable
{
    private const string Table = "table inet cut {\n set from { type ipv4_addr; }\n chain in { type filter hook input priority 0; policy accept; ip saddr @from drop; }\n}\n";

    private readonly string _switch;
    private readonly int _count;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"mgmt-{Environment.ProcessId}-{RandomNumberGenerator.GetInt32(10_000)}");

    /// <summary>Makes the hosts' networks, connected to each other and to nothing else.</summary>
    public Wires(int count)
    {
        (_count, _switch) = (count, $"{_name}-0");
        Run("ip", "netns", "add", _switch);
        Run("ip", "-n", _switch, "link", "add", "br0", "type", "bridge");
        Run("ip", "-n", _switch, "link", "set", "br0", "up");
        for (var i = 0; i < count; i++) Connect(i);
    }

    /// <summary>What has to be there for this.</summary>
    public static string Obstacle =>
        !Environment.IsPrivilegedProcess ? "it makes network namespaces: run it as root"
        : !File.Exists("/usr/sbin/nft") ? "nft is not there: install nftables" : "";

    public static string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.99.0.{host + 1}");

    /// <summary>A host's namespace.</summary>
    public string NamespaceOf(int host) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{host + 1}");

    /// <summary>What the one sends the other is lost from now on; what the other sends is not.</summary>
    public void CutOneWay(int from, int to) => Nft(to, "add", "element", "inet", "cut", "from", $"{{ {Address(from)} }}");

    /// <summary>Neither hears the other any more.</summary>
    public void Cut(int one, int other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    /// <summary>Takes a host's cable out.</summary>
    public void Unplug(int host)
    {
        for (var i = 0; i < _count; i++)
        {
            if (i != host) Cut(host, i);
        }
    }

    /// <summary>All hear each other again.</summary>
    public void Heal()
    {
        for (var i = 0; i < _count; i++) Nft(i, "flush", "set", "inet", "cut", "from");
    }

    public void Dispose()
    {
        for (var i = 0; i <= _count; i++) Try("", "ip", "netns", "del", string.Create(CultureInfo.InvariantCulture, $"{_name}-{i}"));
    }

    private void Connect(int host)
    {
        var (space, port) = (NamespaceOf(host), string.Create(CultureInfo.InvariantCulture, $"p{host + 1}"));
        Run("ip", "netns", "add", space);
        Run("ip", "-n", _switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space);
        Run("ip", "-n", _switch, "link", "set", port, "master", "br0", "up");
        Run("ip", "-n", space, "address", "add", Address(host) + "/24", "dev", "eth0");
        Run("ip", "-n", space, "link", "set", "lo", "up");
        Run("ip", "-n", space, "link", "set", "eth0", "up");
        if (Try(Table, "ip", "netns", "exec", space, "nft", "-f", "-") is { Length: > 0 } problem) throw new InvalidOperationException(problem);
    }

    private void Nft(int host, params string[] words) => Run("ip", ["netns", "exec", NamespaceOf(host), "nft", .. words]);

    private static void Run(string program, params string[] words)
    {
        if (Try("", program, words) is { Length: > 0 } problem) throw new InvalidOperationException(problem);
    }

    private static string Try(string input, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var word in words) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} {string.Join(' ', words)} ended with {process.ExitCode}: {error}";
    }
}
