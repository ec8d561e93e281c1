using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Founding;

/// <summary>Carries a founding out: asks the others again and again until all agree, or somebody tells of a cluster that is there already.</summary>
internal sealed class FoundingRun(FoundingTalk talk, FoundingAnswers answers, IPeerCalls calls, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(5);

    /// <summary>Ends when this agent has a cluster.</summary>
    /// <exception cref="MeshException">The agents were not given the same list, or two of them are the same.</exception>
    public async Task<FoundingResult> RunAsync(CancellationToken cancel)
    {
        var (wait, started, isTold) = (First, time.GetTimestamp(), false);
        while (true)
        {
            if (talk.TryFound() is not 0 and var alone) return new FoundingResult.Founded(alone, talk.Known);
            var silent = new List<PeerAddress>();
            foreach (var founder in talk.Founders.Where(one => one != talk.Self.Api))
            {
                var response = await calls.HelloAsync(founder, answers.Question(), cancel);
                if (response is null) silent.Add(founder);
                else if (ResultOf(response) is { } result) return result;
            }

            if (answers.Conflict is { } conflict) throw new MeshException(conflict);
            if (!isTold && silent.Count > 0 && time.GetElapsedTime(started) >= TellAfter)
            {
                isTold = true;
                tell($"waiting for {string.Join(", ", silent)} to found the mesh together: start the agent there, with the same --peers");
            }

            await Task.Delay(wait, time, cancel);
            wait = wait * 2 < Longest ? wait * 2 : Longest;
        }
    }

    private FoundingResult? ResultOf(HelloResponse response)
    {
        if (response.ClusterId != 0)
        {
            var founding = PeerIdentity.ReadAll(response.Founding, FoundingTalk.MostPeers);
            var isOurs = founding.Any(one => one.Member == talk.Self.Member);
            return isOurs ? new FoundingResult.Founded(response.ClusterId, founding) : new FoundingResult.Exists(response.ClusterId, founding);
        }

        return answers.Hear(response) is not 0 and var cluster ? new FoundingResult.Founded(cluster, talk.Known) : null;
    }
}

/// <summary>How a founding ended.</summary>
internal abstract record FoundingResult
{
    private FoundingResult()
    {
    }

    /// <summary>This agent is a founder of the cluster.</summary>
    internal sealed record Founded(ulong Cluster, IReadOnlyList<PeerIdentity> Voters) : FoundingResult;

    /// <summary>The cluster was founded without this agent, or with what it was before it lost its disk.</summary>
    internal sealed record Exists(ulong Cluster, IReadOnlyList<PeerIdentity> Voters) : FoundingResult;
}
