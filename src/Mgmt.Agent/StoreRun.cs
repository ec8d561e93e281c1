using System.Net;
using System.Net.Sockets;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Trust;
using Mgmt.Mesh.Voters;

namespace Mgmt.Agent;

/// <summary>This host's part in the mesh and its store, beside the graph: local work never waits for it, but the agent ends when it cannot go on.</summary>
internal sealed class StoreRun : IAsyncDisposable
{
    private const int ApiPort = 2379;
    private const int RaftPort = 2380;

    private readonly Participant _participant;
    private readonly CancellationToken _hurry;
    private readonly Task _watching;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StoreRun(Participant participant, Action<AgentMessage> post, CancellationToken hurry)
    {
        (_participant, _hurry) = (participant, hurry);
        Sight = new ClientStore(participant.Client, participant.Ready);
        _watching = WatchAsync(post);
    }

    /// <summary>What keeps it from going on, or nothing.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>The store as this agent sees it: by its own socket, as any client does.</summary>
    public IMeshStore Sight { get; }

    /// <summary>What this host says of itself in the mesh; null when it belongs to none.</summary>
    public LeasedKeys? Keys => _participant.Keys;

    /// <summary>Starts the member. What can be seen at once to be wrong ends the agent.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="prefix">The agent's state directory.</param>
    /// <param name="gate">Takes what the user should see.</param>
    /// <param name="post">Takes the end of the agent, should it not be able to go on.</param>
    /// <param name="talk">Tells how the graph is.</param>
    /// <param name="hurry">Cancelled when the end is not to wait for a successor.</param>
    /// <exception cref="AgentException">It cannot start.</exception>
    public static async Task<StoreRun> StartAsync(AgentOptions options, string prefix, ReportGate gate, Action<AgentMessage> post, IHostTalk talk, CancellationToken hurry)
    {
        try
        {
            if (options.Store.Token is { } token) await EnrollAsync(options, prefix, token, gate, hurry);
            var participant = await Participant.StartAsync(OptionsOf(options, prefix) with { Host = talk }, TimeProvider.System, new MeshLog(gate), CancellationToken.None);
            return new(participant, post, hurry);
        }
        catch (MeshException error)
        {
            throw new AgentException(error.Message, error);
        }
        catch (OperationCanceledException error) when (hurry.IsCancellationRequested)
        {
            throw new AgentException("cannot get a certificate for this host: the agent was told to end twice before it had one", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_participant.Failed.IsCompleted) await _participant.LeaveAsync(_hurry);
        _ended.TrySetResult();
        await _watching;
        await _participant.DisposeAsync();
    }

    // Before anything else of the mesh begins, as nothing of it goes without a certificate.
    private static async Task EnrollAsync(AgentOptions options, string prefix, JoinToken token, ReportGate gate, CancellationToken hurry)
    {
        var names = HostNames.Of(options.Store.Advertise, options.Store.Listen?.Host);
        switch (await new Enrollment(new(prefix, options.Store.Peers, token, options.Hostname, names), TimeProvider.System).RunAsync(hurry))
        {
            case EnrollmentResult.Enrolled enrolled:
                gate.Tell(new StoreReport($"has a certificate of the mesh as {enrolled.Role}, until {enrolled.NotAfter:u}"));
                break;
            case EnrollmentResult.Kept:
                gate.Tell(new StoreReport("has a certificate of the mesh already; the token is not used"));
                break;
            case EnrollmentResult.Refused refused:
                throw new MeshException(refused.Problem);
        }
    }

    private static ParticipantOptions OptionsOf(AgentOptions options, string prefix)
    {
        var store = options.Store;
        var isMesh = store.Peers.Count > 0 || Participant.IsInMesh(prefix);
        var isSix = IPAddress.TryParse(store.Advertise, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        var any = (store.Insecure ? isSix ? IPAddress.IPv6Loopback : IPAddress.Loopback : isSix ? IPAddress.IPv6Any : IPAddress.Any).ToString();
        return new()
        {
            Prefix = prefix,
            Name = options.Hostname,
            Listen = store.Listen ?? (isMesh ? new PeerAddress(any, ApiPort) : null),
            RaftListen = store.RaftListen ?? (isMesh ? new PeerAddress(any, RaftPort) : null),
            Advertise = store.Advertise,
            Peers = store.Peers,
            IsInsecure = store.Insecure,
            Zone = store.Zone,
            Volunteers = store.Volunteers,
            Version = AgentRun.Version,
            Node = new NodeOptions { Quota = store.Quota },
        };
    }

    private async Task WatchAsync(Action<AgentMessage> post)
    {
        if (await Task.WhenAny(_participant.Failed, _ended.Task) == _ended.Task) return;
        Failure = _participant.Failed.Exception!.GetBaseException().Message;
        post(new AgentMessage.Stop("the store cannot go on"));
    }

    private sealed class MeshLog(ReportGate gate) : IParticipantLog
    {
        public void Warn(string sentence) => gate.Warn(sentence);

        public void Say(string sentence) => gate.Tell(new StoreReport(sentence));
    }
}
