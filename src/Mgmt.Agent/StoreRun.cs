using System.Diagnostics.CodeAnalysis;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Voters;

namespace Mgmt.Agent;

/// <summary>This host's member of the store, beside the graph: local work never waits for it, but the agent ends when it cannot go on.</summary>
internal sealed class StoreRun : IAsyncDisposable
{
    private const int ApiPort = 2379;
    private const int RaftPort = 2380;

    private readonly Voter _voter;
    private readonly StoreClient _client;
    private readonly Task _watching;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StoreRun(Voter voter, StoreClient client, Action<AgentMessage> post)
    {
        (_voter, _client) = (voter, client);
        Sight = new ClientStore(client, voter.Ready);
        _watching = WatchAsync(post);
    }

    /// <summary>What keeps the member from going on, or nothing.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>The store as this agent sees it: by its own socket, as any client does.</summary>
    public IMeshStore Sight { get; }

    /// <summary>Starts the member. What can be seen at once to be wrong ends the agent.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="prefix">The agent's state directory.</param>
    /// <param name="gate">Takes what the user should see.</param>
    /// <param name="post">Takes the end of the agent, should the member not be able to go on.</param>
    /// <exception cref="AgentException">It cannot start.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The run owns its client.")]
    public static async Task<StoreRun> StartAsync(AgentOptions options, string prefix, ReportGate gate, Action<AgentMessage> post)
    {
        try
        {
            var voter = await Voter.StartAsync(OptionsOf(options, prefix), TimeProvider.System, new VoterLog(gate), CancellationToken.None);
            return new(voter, Connect(prefix), post);
        }
        catch (MeshException error)
        {
            throw new AgentException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _watching;
        _client.Dispose();
        await _voter.DisposeAsync();
    }

    // The API listens there, so that nothing is wrong with the path.
    private static StoreClient Connect(string prefix) =>
        StoreClient.Create(new StoreAddress([new Endpoint.Unix(new StorePlace(prefix).Socket)], null, StoreAddress.UsualTimeout), TimeProvider.System, out var problem) ?? throw new InvalidOperationException(problem);

    private static VoterOptions OptionsOf(AgentOptions options, string prefix)
    {
        var store = options.Store;
        var isMesh = store.Peers.Count > 0;
        var any = store.Insecure ? "127.0.0.1" : "0.0.0.0";
        return new()
        {
            Prefix = prefix,
            Name = options.Hostname,
            Listen = store.Listen ?? (isMesh ? new PeerAddress(any, ApiPort) : null),
            RaftListen = store.RaftListen ?? (isMesh ? new PeerAddress(any, RaftPort) : null),
            Advertise = store.Advertise,
            Peers = store.Peers,
            IsInsecure = store.Insecure,
            Node = new NodeOptions { Quota = store.Quota },
        };
    }

    private async Task WatchAsync(Action<AgentMessage> post)
    {
        if (await Task.WhenAny(_voter.Failed, _ended.Task) == _ended.Task) return;
        Failure = _voter.Failed.Exception!.GetBaseException().Message;
        post(new AgentMessage.Stop("the store cannot go on"));
    }

    private sealed class VoterLog(ReportGate gate) : IVoterLog
    {
        public void Warn(string sentence) => gate.Warn(sentence);

        public void Say(string sentence) => gate.Tell(new StoreReport(sentence));
    }
}
