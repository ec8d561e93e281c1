using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Trust;
using Mgmt.Store;

namespace Mgmt.Cli.Commands;

/// <summary>The flags of <c>mgmt run</c> about the store and the mesh.</summary>
internal sealed class MeshFlags
{
    private const int LongestToken = 4096;

    // With less, not one request of the longest kind has room; more than this a voter does not keep in memory.
    private const long LeastQuota = 16L * 1024 * 1024, MostQuota = 64L * 1024 * 1024 * 1024;

    private const int LongestZone = 64;

    private static readonly TimeSpan UsualGrace = new StoreOptions().ExportGrace;

    private readonly Flag<bool> _keep = CommonFlags.Switch("--store", "keep a store, at agent.sock in the state directory; --peers and --listen do so too");
    private readonly Flag<PeerAddress> _listen = new("--listen", "HOST:PORT", "serve the store's API here, too; off on a single host, port 2379 in a mesh", HostPorts.Read);
    private readonly Flag<PeerAddress> _raftListen = new("--raft-listen", "HOST:PORT", "where voters reach each other; port 2380 in a mesh by default", HostPorts.Read);
    private readonly Flag<string> _advertise = new("--advertise", "HOST", "the name or address by which peers reach this host", HostPorts.ReadHost);
    private readonly Flag<bool> _insecure = CommonFlags.Switch("--insecure", "no TLS; refused on any address but loopback");
    private readonly Flag<IReadOnlyList<PeerAddress>> _peers = new("--peers", "HOST[:PORT],...", "the agents of the mesh, the same list everywhere; port 2379 by default", HostPorts.ReadAll);
    private readonly Flag<string> _token = new("--token", "TOKEN", "lets this host into the mesh (mgmt mesh token); ps shows it, MGMT_TOKEN does not", Parse.Text);
    private readonly Flag<string> _tokenFile = new("--token-file", "FILE", "a file with the token", Parse.Text);
    private readonly Flag<long> _quota = new("--store-quota", "SIZE", "how much the store may hold, such as 512M or 4G; 2G by default", Quota);

    private readonly Flag<string> _zone = new("--zone", "NAME", "the failure domain of this host, such as a rack: voters are spread over zones", Zone);
    private readonly Flag<bool> _noVote = CommonFlags.Switch("--no-vote", "never keep the mesh's store on this host, only ask those that do");
    private readonly Flag<TimeSpan> _grace = new("--export-grace", "TIME", "how long this host's exports outlive its agent, such as 12h; 7d by default", Grace);

    /// <summary>In the order of help.</summary>
    public IReadOnlyList<Flag> All => [_keep, _peers, _listen, _raftListen, _advertise, _insecure, _token, _tokenFile, _zone, _noVote, _quota, _grace];

    /// <summary>Reads them; where something is wrong <paramref name="given"/> has a mistake, and the answer is of no use.</summary>
    public StoreOptions Read(Given given)
    {
        var options = new StoreOptions
        {
            Keep = given.Get(_keep, false),
            Listen = ReadPlace(given, _listen),
            RaftListen = ReadPlace(given, _raftListen),
            Advertise = given.Get(_advertise, "") is { Length: > 0 } host ? host : null,
            Insecure = given.Get(_insecure, false),
            Peers = given.Get(_peers, []),
            Token = ReadToken(given),
            Zone = given.Get(_zone, ""),
            Volunteers = !given.Get(_noVote, false),
            Quota = given.Get(_quota, Limits.Quota),
            ExportGrace = given.Get(_grace, UsualGrace),
        };
        if (options.Listen is { } place && place == options.RaftListen) given.Refuse($"cannot use {_listen.Name} and {_raftListen.Name} with {place} both: give each a port of its own");
        if (options.Insecure) CheckLoopback(given, options);
        if (options.Token is not null) CheckToken(given, options);
        return options;
    }

    // What is wrong with a token is said without showing it.
    private JoinToken? ReadToken(Given given)
    {
        var (text, file, source) = (given.Get(_token, ""), given.Get(_tokenFile, ""), _token.Name);
        if (text.Length > 0 && file.Length > 0)
        {
            // Written on the command line, either wins over the other's variable.
            if (given.IsWritten(_token) == given.IsWritten(_tokenFile)) given.Refuse($"cannot use {_token.Name} together with {_tokenFile.Name}: one token is enough");
            if (given.IsWritten(_tokenFile)) text = "";
        }

        if (text.Length == 0 && file.Length > 0) (text, source) = (ReadFile(given, file), $"{_tokenFile.Name} {file}");
        if (text.Length == 0) return null;
        if (!JoinToken.TryParse(text, out var token)) given.Refuse($"cannot use {source}: it is not a token as mgmt mesh token makes them; copy all of it");
        return token;
    }

    private string ReadFile(Given given, string file)
    {
        try
        {
            if (new FileInfo(file).Length > LongestToken) throw new IOException("it is too long for a token");
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            given.Refuse($"cannot use {_tokenFile.Name} {file}: {e.Message.TrimEnd('.')}");
            return "";
        }
    }

    private void CheckToken(Given given, StoreOptions options)
    {
        if (options.Insecure) given.Refuse($"cannot use {_insecure.Name} together with a token: a token is for certificates");
        if (options.Peers.Count == 0) given.Refuse($"cannot use a token without {_peers.Name}: name agents of the mesh that is to be joined");
    }

    private static PeerAddress? ReadPlace(Given given, Flag<PeerAddress> flag) => given.Get(flag, default) is { Host.Length: > 0 } place ? place : null;

    private static string? Quota(string text, out long value)
    {
        if (Parse.Size(text, out value) is { } why) return why;
        if (value < LeastQuota) return "it is less than 16M";
        return value > MostQuota ? "it is more than 64G" : null;
    }

    private static string? Zone(string text, out string value)
    {
        value = text;
        if (text.Length == 0) return "it is empty";
        return text.Length > LongestZone || text.Any(char.IsControl) ? $"it has more than {LongestZone} characters, or some that cannot be printed" : null;
    }

    private static string? Grace(string text, out TimeSpan value)
    {
        if (Parse.Span(text, out value) is { } why) return why;
        return value.TotalSeconds < Limits.MinLeaseSeconds ? $"it is less than {Limits.MinLeaseSeconds} s, which no lease can be" : null;
    }

    private void CheckLoopback(Given given, StoreOptions options)
    {
        if (options.Listen is { } listen && !Endpoint.IsLoopback(listen)) Refuse(_listen, listen.ToString());
        if (options.RaftListen is { } raft && !Endpoint.IsLoopback(raft)) Refuse(_raftListen, raft.ToString());
        if (options.Advertise is { } host && !Endpoint.IsLoopback(new(host, 0))) Refuse(_advertise, host);
        foreach (var peer in options.Peers.Where(static one => !Endpoint.IsLoopback(one))) Refuse(_peers, peer.ToString());

        void Refuse(Flag flag, string place) => given.Refuse($"cannot use {_insecure.Name} with {flag.Name} {place}: only what stays on this host may go without TLS");
    }
}
