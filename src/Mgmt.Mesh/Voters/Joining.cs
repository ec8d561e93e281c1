using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Voters;

/// <summary>Asks a mesh's members what this agent is to it, until one says so. Who keeps no store says who does.</summary>
internal sealed class Joining(IPeerCalls calls, TimeProvider time, Action<string> tell)
{
    private const int MostKnown = 64;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromSeconds(1), TellAfter = TimeSpan.FromSeconds(3);

    /// <summary>Ends when this agent is let in.</summary>
    /// <exception cref="MeshException">It is refused for good.</exception>
    public async Task<JoinResponse> RunAsync(PeerIdentity self, ulong cluster, IReadOnlyList<PeerAddress> given, CancellationToken cancel)
    {
        var (told, wait, began) = ("", First, time.GetTimestamp());
        while (true)
        {
            var (response, problem) = await AskAsync(self, cluster, given, cancel);
            if (response is not null) return response;
            var sentence = $"waiting to join the mesh: {problem}";
            if (sentence != told && time.GetElapsedTime(began) >= TellAfter)
            {
                tell(sentence);
                told = sentence;
            }

            await Task.Delay(wait, time, cancel);
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    /// <summary>Asks each once, and whom they name.</summary>
    /// <returns>What one said, or why nobody did.</returns>
    /// <exception cref="MeshException">This agent is refused for good.</exception>
    public async Task<(JoinResponse? Response, string Problem)> AskAsync(PeerIdentity self, ulong cluster, IReadOnlyList<PeerAddress> given, CancellationToken cancel)
    {
        var (open, asked, problem) = (new Queue<PeerAddress>(given.Where(one => one != self.Api)), new HashSet<PeerAddress>(), "");
        while (open.TryDequeue(out var member))
        {
            if (!asked.Add(member) || asked.Count > MostKnown) continue;
            if (await calls.HelloAsync(member, new() { Self = self.ToWire() }, cancel) is not { } hello) continue;
            Check(member, hello, cluster);
            if (await calls.JoinAsync(member, new() { Self = self.ToWire(), Protocol = MeshProtocol.Version, ClusterId = cluster }, cancel) is not { } response) continue;
            if (response.Final) throw new MeshException($"cannot take part in the mesh of {member}: {response.Refusal}");
            if (response is { Refusal.Length: 0, MemberId: not 0, Members.Count: > 0 }) return (response, "");
            problem = response.Refusal.Length > 0 ? $"{member} says: {response.Refusal}" : $"{member} knows nobody yet that keeps the store";
            foreach (var other in PeerIdentity.ReadAll(response.Members, MostKnown)) open.Enqueue(other.Api);
        }

        return (null, problem.Length > 0 ? problem : $"none of its agents answers: {string.Join(", ", given.Where(one => one != self.Api).Take(8))}");
    }

    /// <summary>Asks all at once whether they are of the same mesh.</summary>
    /// <returns>Whether any of them answered.</returns>
    /// <exception cref="MeshException">One is of another.</exception>
    public async Task<bool> CheckAsync(PeerIdentity self, ulong cluster, IReadOnlyList<PeerAddress> given, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(given.Where(one => one != self.Api).Take(MostKnown).Select(async one =>
        {
            var hello = await calls.HelloAsync(one, new() { Self = self.ToWire() }, cancel);
            if (hello is not null) Check(one, hello, cluster);
            return hello is not null;
        }));
        return answers.Length == 0 || answers.Any(static one => one);
    }

    private void Check(PeerAddress member, HelloResponse hello, ulong cluster)
    {
        if (hello.ClusterId != 0 && cluster != 0 && hello.ClusterId != cluster)
            throw new MeshException($"cannot take part in the mesh of {member}: it is the cluster {StoreIdentity.Hex(hello.ClusterId)}, and the state directory of this agent belongs to the cluster {StoreIdentity.Hex(cluster)}; name another directory with --prefix, or move its store directory away to join anew");
        if (hello.Protocol is not 0 and not MeshProtocol.Version)
            throw new MeshException($"cannot take part in the mesh of {member}: its agents speak protocol {hello.Protocol}, and this one {MeshProtocol.Version}; run the same version of mgmt");
        if (hello.UnixMilliseconds == 0) return;
        var skew = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(hello.UnixMilliseconds);
        if (skew.Duration() > MeshProtocol.LargestClockSkew)
            throw new MeshException($"cannot take part in the mesh of {member}: this host's clock is {skew.TotalSeconds:0} s off its; set the clocks right, as certificates go by them");
    }
}
