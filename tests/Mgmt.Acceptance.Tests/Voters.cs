using System.Globalization;
using System.Security.Cryptography;

namespace Mgmt.Acceptance.Tests;

/// <summary>Three agents of one mesh as processes of this machine, each with an address in 127/8 of its own.</summary>
internal sealed class Voters : IAsyncDisposable
{
    private readonly Workplace _place = new();
    private readonly string _network = string.Create(CultureInfo.InvariantCulture, $"127.{RandomNumberGenerator.GetInt32(1, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}");
    private readonly MgmtProcess?[] _agents = new MgmtProcess?[3];
    private readonly TestAuthority? _authority;
    private readonly bool _isSecure;

    /// <summary>Makes them; none runs yet.</summary>
    /// <param name="secure">With certificates.</param>
    /// <param name="isGivenIdentities">Those of the test's authority; else the test itself brings some.</param>
    public Voters(bool secure, bool isGivenIdentities = true)
    {
        _isSecure = secure;
        if (!secure || !isGivenIdentities) return;
        _authority = new();
        for (var i = 0; i < _agents.Length; i++) _authority.Give(Prefix(i), Name(i), "voter", Host(i));
    }

    /// <summary>Who signs the certificates.</summary>
    public TestAuthority Authority => _authority ?? throw new InvalidOperationException("these are without certificates");

    public MgmtProcess this[int at] => _agents[at]!;

    public static string Name(int at) => string.Create(CultureInfo.InvariantCulture, $"n{at + 1}");

    public string Host(int at) => string.Create(CultureInfo.InvariantCulture, $"{_network}.{at + 1}");

    public string Prefix(int at) => _place[Name(at)];

    public string Path(string name) => _place[name];

    public void Start(int at) => _agents[at] = MgmtProcess.Start(
    [
        "run", "--prefix", Prefix(at), "--hostname", Name(at), "--listen", $"{Host(at)}:2379", "--raft-listen", $"{Host(at)}:2380", "--advertise", Host(at),
        "--peers", string.Join(',', Enumerable.Range(0, _agents.Length).Select(Host)), .. _isSecure ? Array.Empty<string>() : ["--insecure"],
    ]);

    /// <summary>Starts an agent that is not one of the three; it belongs to the caller. Of flags that are given twice, the ones given here count.</summary>
    public MgmtProcess StartExtra(int at, params string[] flags)
    {
        var own = new Dictionary<string, string>
        {
            ["--prefix"] = Prefix(at), ["--hostname"] = Name(at), ["--listen"] = $"{Host(at)}:2379", ["--raft-listen"] = $"{Host(at)}:2380", ["--advertise"] = Host(at),
        };
        return MgmtProcess.Start(["run", .. own.Where(one => !flags.Contains(one.Key)).SelectMany(static one => new[] { one.Key, one.Value }), .. flags, .. _isSecure ? Array.Empty<string>() : ["--insecure"]]);
    }

    public async Task StartAllAsync()
    {
        for (var i = 0; i < _agents.Length; i++) Start(i);
        foreach (var agent in _agents) await agent!.LineAsync("store: open");
    }

    /// <summary>Ends an agent in order.</summary>
    public async Task StopAsync(int at)
    {
        this[at].Signal(Signal.Terminate);
        await this[at].ExitAsync();
        await this[at].DisposeAsync();
        _agents[at] = null;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int at)
    {
        await this[at].DisposeAsync();
        _agents[at] = null;
    }

    /// <summary>Asks an agent through its socket.</summary>
    public async Task<string> AskAsync(int at, params string[] arguments)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync([.. arguments, "--socket", System.IO.Path.Combine(Prefix(at), "agent.sock")]);
        if (exitCode != 0) Assert.Fail($"{string.Join(' ', arguments)} at {Name(at)}: {exitCode}: {output}\n{this[at].Printed()}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            if (agent is not null) await agent.DisposeAsync();
        }

        _authority?.Dispose();
        _place.Dispose();
    }
}
