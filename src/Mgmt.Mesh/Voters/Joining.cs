using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Voters;

/// <summary>Asks any of a mesh's members to be let in, until one does.</summary>
internal sealed class Joining(IPeerCalls calls, TimeProvider time, Action<string> tell)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>Ends when this agent is let in.</summary>
    public async Task<JoinResponse> RunAsync(PeerIdentity self, IReadOnlyList<PeerAddress> members, CancellationToken cancel)
    {
        var told = "";
        while (true)
        {
            var refusal = "";
            foreach (var member in members.Where(one => one != self.Api))
            {
                if (await calls.JoinAsync(member, new() { Self = self.ToWire() }, cancel) is not { } response) continue;
                if (response.Refusal.Length == 0 && response.MemberId != 0) return response;
                refusal = $"{member} does not let this agent in: {response.Refusal}";
            }

            if (refusal.Length == 0) refusal = $"no member of the mesh answers: {string.Join(", ", members)}";
            if (refusal != told) tell($"waiting to join the mesh: {refusal}");
            told = refusal;
            await Task.Delay(Between, time, cancel);
        }
    }
}
