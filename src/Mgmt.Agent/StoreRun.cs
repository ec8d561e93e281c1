using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Trust;
using Mgmt.Mesh.Voters;

namespace Mgmt.Agent;

/// <summary>This host's part in the mesh and its store, beside the graph: local work never waits for it, but the agent ends when it cannot go on.</summary>
internal sealed class StoreRun : IAsyncDisposable
{
    private const int ApiPort = 2379;
    private const int RaftPort = 2380;

    private readonly Task<Participant> _participant;
    private readonly StoreClient _client;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _hurry;
    private readonly Dictionary<string, byte[]> _said = [];
    private readonly Task _watching;

    private StoreRun(StorePlan plan, Task<Participant> participant, CancellationTokenSource ending, Action<AgentMessage> post)
    {
        (_participant, _ending, _hurry, IsOfMesh) = (participant, ending, plan.Hurry, plan.Participant.RaftListen is not null);
        _client = Connect(plan.Participant.Prefix);
        Sight = new ClientStore(_client, ReadyAsync());
        _watching = WatchAsync(post);
    }

    /// <summary>What keeps it from going on, or nothing.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Whether this host belongs to a mesh, and does not only keep a store of its own.</summary>
    public bool IsOfMesh { get; }

    /// <summary>The store as this agent sees it: by its own socket, as any client does.</summary>
    public IMeshStore Sight { get; }

    /// <summary>
    /// Starts it. What can be seen at once to be wrong ends the agent. A host that is yet to get its certificate begins with its own graph meanwhile.
    /// </summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="prefix">The agent's state directory.</param>
    /// <param name="gate">Takes what the user should see.</param>
    /// <param name="post">Takes the end of the agent, should it not be able to go on.</param>
    /// <param name="talk">Tells how the graph is.</param>
    /// <param name="hurry">Cancelled when the end is not to wait for a successor.</param>
    /// <exception cref="AgentException">It cannot start.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The run owns what ends it.")]
    public static async Task<StoreRun> StartAsync(AgentOptions options, string prefix, ReportGate gate, Action<AgentMessage> post, IHostTalk talk, CancellationToken hurry)
    {
        try
        {
            var ending = new CancellationTokenSource();
            var plan = new StorePlan(OptionsOf(options, prefix) with { Host = talk }, options.Store.Token, hurry);
            var starting = StartAsync(plan, gate, ending.Token);
            if (plan.Token is null) await starting;
            return new(plan, starting, ending, post);
        }
        catch (MeshException error)
        {
            throw new AgentException(error.Message, error);
        }
    }

    /// <summary>Has a key of the mesh's store say something for as long as this agent runs.</summary>
    public void Say(string key, byte[] value)
    {
        lock (_said)
        {
            _said[key] = value;
            if (_participant.IsCompletedSuccessfully) _participant.Result.Keys?.Set(key, value);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_participant.IsCompletedSuccessfully && Failure.Length == 0) await (await _participant).LeaveAsync(_hurry);
        await _ending.CancelAsync();
        await _watching;
        _client.Dispose();
        if (_participant.IsCompletedSuccessfully) await (await _participant).DisposeAsync();
        _ending.Dispose();
    }

    private static async Task<Participant> StartAsync(StorePlan plan, ReportGate gate, CancellationToken cancel)
    {
        if (plan.Token is { } token) await EnrollAsync(plan.Participant, token, gate, cancel);
        return await Participant.StartAsync(plan.Participant, TimeProvider.System, new MeshLog(gate), cancel);
    }

    // Before anything else of the mesh begins, as nothing of it goes without a certificate.
    private static async Task EnrollAsync(ParticipantOptions options, JoinToken token, ReportGate gate, CancellationToken cancel)
    {
        var names = HostNames.Of(options.Advertise, options.Listen?.Host);
        switch (await new Enrollment(new(options.Prefix, options.Peers, token, options.Name, names), TimeProvider.System).RunAsync(cancel))
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

    // Nothing is connected to before something is asked; the API listens there then, so that nothing is wrong with the path.
    private static StoreClient Connect(string prefix) =>
        StoreClient.Create(new StoreAddress([new Endpoint.Unix(new StorePlace(prefix).Socket)], null, StoreAddress.UsualTimeout), TimeProvider.System, out var problem) ?? throw new AgentException(problem);

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

    private async Task ReadyAsync() => await (await _participant).Ready;

    private async Task WatchAsync(Action<AgentMessage> post)
    {
        try
        {
            var participant = await _participant;
            lock (_said)
            {
                foreach (var (key, value) in _said) participant.Keys?.Set(key, value);
            }

            await participant.Failed.WaitAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The agent ends.
        }
        catch (Exception error)
        {
            Failure = error.GetBaseException().Message;
            post(new AgentMessage.Stop("the store cannot go on"));
        }
    }

    /// <param name="Participant">What the host's part is started with.</param>
    /// <param name="Token">What lets it in; null when it is in.</param>
    /// <param name="Hurry">Cancelled when the end is not to wait for a successor.</param>
    private sealed record StorePlan(ParticipantOptions Participant, JoinToken? Token, CancellationToken Hurry);

    private sealed class MeshLog(ReportGate gate) : IParticipantLog
    {
        public void Warn(string sentence) => gate.Warn(sentence);

        public void Warn(string sentence, string peer) => gate.Tell(new WarningReport(sentence) { Peer = peer });

        public void Say(string sentence) => gate.Tell(new StoreReport(sentence));

        public void Say(string sentence, string peer) => gate.Tell(new StoreReport(sentence) { Peer = peer });
    }
}
