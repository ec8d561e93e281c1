using Mgmt.Mesh.Api;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Mesh.Trust;
using Mgmt.Store.Commands;
using Mgmt.Store.Home;

namespace Mgmt.Mesh.Voters;

/// <summary>What a member does from its start on: finds its cluster, opens its store, takes part, and keeps the state's word about itself true.</summary>
internal sealed class VoterRun : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly VoterOptions _options;
    private readonly StorePlace _place;
    private readonly TimeProvider _time;
    private readonly IVoterLog _log;
    private readonly VoterAddresses _addresses;
    private readonly PeerCalls _calls;
    private readonly MeshTls? _tls;
    private readonly FoundingAnswers _answers;
    private readonly FoundingTalk _founding;
    private readonly LateNode _late;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly VoterTalk _talk;
    private readonly VoterChanges _changes = new();
    private readonly CancellationTokenSource _givingUp = new();
    private Task? _opening;
    private StoreIdentity _identity;
    private RaftNode? _raft;
    private VoterMembership? _membership;

    public VoterRun(VoterOptions options, StorePlace place, VoterAddresses addresses, TimeProvider time, IVoterLog log)
    {
        (_options, _place, _addresses, _time, _log) = (options, place, addresses, time, log);
        _identity = StoreIdentity.Read(place.Identity) ?? Draft();
        _tls = options.IsInsecure || (options.Listen is null && options.RaftListen is null) ? null : MeshTls.Load(place.Prefix);
        _calls = new(_tls is not null, () => _tls?.CallHandler(ConnectTimeout) ?? new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, EnableMultipleHttp2Connections = true });
        _founding = new(Self, options.Peers);
        _answers = new(_founding);
        _talk = new(_answers);
        _late = new(_identity.MemberId);
    }

    public Task Ready => _ready.Task;

    public Task Failed => _failed.Task;

    public StoreNode? Node { get; private set; }

    public IStoreNode Late => _late;

    public IMembership Changes => _changes;

    public IMeshTalk Talk => _talk;

    public ApiOptions ApiOptions => new() { SocketPath = _place.Socket, Endpoints = _addresses.ApiListen, Tls = _tls?.Api };

    private PeerIdentity Self => new(_identity.MemberId, _options.Name, _addresses.Api, _addresses.Raft);

    /// <summary>
    /// Who serves its own host alone needs nobody to open its store, and begins before its API listens: both take their time. For any other it could be too early,
    /// as what cannot listen is not to found anything.
    /// </summary>
    public void OpenMeanwhile()
    {
        if (_options is { Listen: null, RaftListen: null, Peers.Count: 0 }) _opening = Task.Run(() => SettleAndOpenAsync(_givingUp.Token));
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            await (_opening ?? SettleAndOpenAsync(cancel));
            _ready.SetResult();
            _log.Say($"open: member {_identity.Member} of the cluster {_identity.Cluster}, at revision {Node!.View.Revision}");
            await KeepRegisteredAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _ready.TrySetCanceled(cancel);
        }
        catch (Exception e)
        {
            // Whoever waits is told; the agent ends with what it says.
            _ready.TrySetException(e);
            _failed.TrySetException(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _givingUp.CancelAsync();
        if (_opening is { } opening) await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_raft is { } raft) await raft.DisposeAsync();
        if (Node is { } node) await node.DisposeAsync();
        _membership?.Dispose();
        _calls.Dispose();
        _tls?.Dispose();
        _givingUp.Dispose();
    }

    // By the kernel's chance, as a Guid is: the other way to it brings in all of OpenSSL.
    private static ulong NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return (BitConverter.ToUInt64(bytes) ^ BitConverter.ToUInt64(bytes[8..])) | 1;
    }

    private async Task SettleAndOpenAsync(CancellationToken cancel)
    {
        await SettleAsync(cancel);
        await OpenAsync(cancel);
    }

    private StoreIdentity Draft()
    {
        if (Directory.Exists(_place.Log) || File.Exists(_place.Home))
            throw new MeshException($"cannot open the store in {_place.Folder}: its {_place.Identity} is missing; restore it from a backup, or move the directory away to begin anew");
        var draft = new StoreIdentity { Member = StoreIdentity.Hex(NewId()), Name = _options.Name };
        draft.Write(_place.Identity);
        return draft;
    }

    // Ends when the identity has a cluster, and is on the disk with it.
    private async Task SettleAsync(CancellationToken cancel)
    {
        if (_identity.ClusterId == 0)
        {
            if (_options.Peers.Count == 0) Settle(NewId(), [Self], hasJoined: false);
            else await FindClusterAsync(cancel);
        }
        else if (!Directory.Exists(_place.Log))
        {
            throw new MeshException($"cannot open the store in {_place.Folder}: its log {_place.Log} is missing, and with it what this member acknowledged; restore it from a backup, or move the directory away to join as a new member");
        }

        var known = _identity.Peers.Select(PeerIdentity.Of).ToList();
        _answers.Settle(_identity.ClusterId, known, () => [.. _late.View.Members.Keys]);
    }

    private async Task FindClusterAsync(CancellationToken cancel)
    {
        if (!_founding.IsFounder) throw new MeshException($"cannot take part in the mesh of {string.Join(", ", _options.Peers)}: {_addresses.Api} is not among its founders; name it in --peers, or give --advertise");
        var run = new FoundingRun(_founding, _answers, _calls, _time, _log.Say);
        switch (await run.RunAsync(cancel))
        {
            case FoundingResult.Founded founded:
                Settle(founded.Cluster, founded.Voters, hasJoined: false);
                _log.Say($"founded the mesh {founded.Cluster:x} with {string.Join(", ", founded.Voters.Select(static one => one.Name))}");
                break;
            case FoundingResult.Exists exists:
                await JoinAsync(exists, cancel);
                break;
        }
    }

    private async Task JoinAsync(FoundingResult.Exists mesh, CancellationToken cancel)
    {
        var joined = await new Joining(_calls, _time, _log.Say).RunAsync(Self, _options.Peers, cancel);
        _identity = _identity with { Member = StoreIdentity.Hex(joined.MemberId) };
        Settle(mesh.Cluster, PeerIdentity.ReadAll(joined.Members, FoundingTalk.MostPeers), hasJoined: true);
        _log.Say($"joined the mesh {mesh.Cluster:x}");
    }

    private void Settle(ulong cluster, IReadOnlyList<PeerIdentity> voters, bool hasJoined)
    {
        Directory.CreateDirectory(_place.Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _identity = _identity with { Cluster = StoreIdentity.Hex(cluster), Peers = [.. voters.Select(static one => one.ToKnown(votes: true))], HasJoined = hasJoined };
        _identity.Write(_place.Identity);
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        var known = _identity.Peers.Select(PeerIdentity.Of).ToList();
        var identity = new HomeIdentity(_identity.ClusterId, _identity.MemberId);
        var others = known.Where(one => one.Member != _identity.MemberId).Select(static one => one.Api).ToList();
        var home = await new StoreOpening(_place, identity, _log.Warn).OpenAsync(_calls, others, cancel);
        Node = new(_place, identity, home, _options.Node, _time, NewId(), _log.Warn);
        var directory = new MemberDirectory(known);
        directory.LookAt(() => Node.View);
        _raft = await RaftNode.StartAsync(
            new()
            {
                Folder = _place.Log, Cluster = identity.Cluster, Member = identity.Member, Listen = _addresses.RaftListen,
                Founders = _identity.HasJoined ? [] : [.. known.Select(static one => one.Member)],
                Failed = failure => _failed.TrySetException(failure), Notice = _log.Say,
            },
            Node.Replica, directory, _tls is null ? PlainTransport.Instance : new TlsTransport(_tls), _time, cancel);
        Node.Join(_raft);
        _ = Node.Broken.ContinueWith(broken => _failed.TrySetException(broken.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _late.Become(Node);
        _membership = new(Node, _tls is not null, NewId);
        _changes.Open(_membership);
        _talk.Open(_membership, () => (_identity.ClusterId, Node.View.Members.Values.Select(MemberUrls.ToPeer).OfType<PeerIdentity>()));
    }

    // The state says where each member is: this one says it of itself, again when it has moved. One that has joined asks for its vote that way.
    private async Task KeepRegisteredAsync(CancellationToken cancel)
    {
        var wanted = MemberUrls.ToMember(Self, _tls is not null, isLearner: false);
        if (_options.Listen is null) wanted = wanted with { ClientUrls = [$"unix://{_place.Socket}"] };
        if (_options.RaftListen is null) wanted = wanted with { PeerUrls = [] };
        while (!cancel.IsCancellationRequested)
        {
            var isThere = Node!.View.Members.TryGetValue(_identity.MemberId, out var present);
            if (isThere && present! == wanted) return;
            if (_identity.HasJoined && (!isThere || present!.IsLearner)) await new Joining(_calls, _time, _log.Say).RunAsync(Self, [.. _identity.Peers.Select(one => PeerIdentity.Of(one).Api)], cancel);
            else await Node.ExecuteAsync(new Command.MemberSet(wanted), cancel);
            await Task.Delay(LookAgainAfter, _time, cancel);
        }
    }
}
