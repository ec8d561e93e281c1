using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Mgmt.Linux.Files;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Forwarding;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Voters;

/// <summary>
/// What an agent does in its mesh from its start on: finds its cluster, and then keeps the store or asks those who keep it, as the leader says, in turns.
/// </summary>
internal sealed partial class ParticipantRun : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1), CheckAgainAfter = TimeSpan.FromSeconds(5);

    private readonly ParticipantOptions _options;
    private readonly StorePlace _place;
    private readonly TimeProvider _time;
    private readonly IParticipantLog _log;
    private readonly ParticipantAddresses _addresses;
    private readonly PeerCalls _calls;
    private readonly MeshTls? _tls;
    private readonly TrustRun? _trust;
    private readonly FoundingAnswers _answers;
    private readonly FoundingTalk _founding;
    private readonly LateNode _late;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _inMesh = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Appointments _appointments = new();
    private readonly ParticipantTalk _talk;
    private readonly VoterChanges _changes = new();
    private readonly Upstreams _upstreams;
    private readonly News _news;
    private readonly string _whyNotVote;
    private StoreIdentity _identity;
    private Keeper? _keeper;

    public ParticipantRun(ParticipantOptions options, StorePlace place, ParticipantAddresses addresses, TimeProvider time, IParticipantLog log)
    {
        (_options, _place, _addresses, _time, _log) = (options, place, addresses, time, log);
        _identity = StoreIdentity.Read(place.Identity) ?? Draft();
        _tls = options.IsInsecure || (options.Listen is null && options.RaftListen is null) ? null : MeshTls.Load(place.Prefix);
        _trust = _tls is null ? null : new(new(place.Prefix, options.Name, addresses.Api, HostNames.Of(options.Advertise, options.Listen?.Host, addresses.Api.Host)), _tls, options.Trust, time, log);
        _calls = new(_tls is not null, Handler);
        _news = new(time);
        _founding = new(Self, options.Peers);
        _answers = new(_founding);
        _whyNotVote = WhyNotVote(options, _tls);
        _talk = new(_answers, _calls, _appointments, () => (_identity.MemberId, _identity.ClusterId), _whyNotVote, () => _inMesh.TrySetResult(), time);
        if (options.Peers.Count > 0 || _identity.InMesh) _inMesh.SetResult();
        _late = new(() => _identity.MemberId);
        _upstreams = new(() => _identity.MemberId, _tls is not null, Handler, Refused, time);
    }

    /// <summary>Ends when there is a store to ask, here or elsewhere.</summary>
    public Task Ready => _ready.Task;

    public Task Failed => _failed.Task;

    /// <summary>Ends when this agent belongs to a mesh: by its own wish, or because another has joined it.</summary>
    public Task InMesh => _inMesh.Task;

    /// <summary>The copy of the store that is kept here, if it is.</summary>
    public Keeper? Keeper => Volatile.Read(ref _keeper);

    /// <summary>Whether this agent may be made to vote.</summary>
    public bool Volunteers => _whyNotVote.Length == 0;

    /// <summary>This agent, as others know it.</summary>
    public PeerIdentity Self => new(_identity.MemberId, _options.Name, _addresses.Api, _addresses.Raft);

    public LateNode Late => _late;

    public IMembership Changes => _changes;

    public IMeshTalk Talk => _talk;

    public IUpstream Upstream => _upstreams;

    public ITrustTalk? Trust => _trust?.Talk;

    public ApiOptions ApiOptions => new() { SocketPath = _place.Socket, Endpoints = _addresses.ApiListen, Tls = _tls?.Api, Host = _options.Host, Opening = Opening };

    /// <summary>Ends all streams that are served, once there is a server.</summary>
    public Action EndStreams { get; set; } = static () => { };

    private void Refused(string voter)
    {
        if (_news.Is("revoked")) _log.Warn($"{voter} refuses this host: its certificate is revoked; to let it in anew, have a token made there (mgmt mesh token) and start this agent with it (mgmt run --token-file)");
    }

    // Who does not know its cluster yet may wait for long, and who follows has others answer.
    private Task Opening() => _identity.ClusterId == 0 || _upstreams.IsWanted ? Task.CompletedTask : Ready;

    [SuppressMessage("Reliability", "CA2000", Justification = "A keeper is closed when its time is over, or with the run.")]
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            _ = _trust?.RunAsync(() => _identity.MemberId, cancel);
            if (_options.RaftListen is not null) _ = FailWithAsync(_upstreams.LookAfterAsync(cancel));
            var isKnown = _identity.ClusterId != 0;
            await SettleAsync(cancel);
            if (isKnown && _options.Peers.Count > 0) await CheckPeersAsync(cancel);
            while (true)
            {
                var keeper = _identity.IsAgent ? await FollowAsync(cancel) : await OpenAsync(_identity, cancel);
                await KeepAsync(keeper, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _ready.TrySetCanceled(cancel);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is { } keeper) await keeper.DisposeAsync();
        _upstreams.Dispose();
        _calls.Dispose();
        _trust?.Dispose();
        _tls?.Dispose();
    }

    // By the kernel's chance, as a Guid is: the other way to it brings in all of OpenSSL.
    private static ulong NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return (BitConverter.ToUInt64(bytes) ^ BitConverter.ToUInt64(bytes[8..])) | 1;
    }

    private static string WhyNotVote(ParticipantOptions options, MeshTls? tls)
    {
        if (!options.Volunteers) return "it does not volunteer";
        if (options.RaftListen is null) return "it listens nowhere for Raft";
        return tls is not null && MeshTls.RoleOf(tls.Certificate) != Role.Voter ? "its certificate is not a voter's" : "";
    }

    private async Task FailWithAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fail(e);
        }
    }

    private HttpMessageHandler Handler() => _tls?.CallHandler(ConnectTimeout) ?? MeshTls.PlainHandler(ConnectTimeout);

    // Whoever waits is told; the agent ends with what it says.
    private void Fail(Exception e)
    {
        _ready.TrySetException(e);
        _failed.TrySetException(e);
    }

    private StoreIdentity Draft()
    {
        if (Directory.Exists(_place.Log) || File.Exists(_place.Home))
            throw new MeshException($"cannot open the store in {_place.Folder}: its {_place.Identity} is missing; restore it from a backup, or move the directory away to begin anew");
        var draft = new StoreIdentity { Member = StoreIdentity.Hex(NewId()), Name = _options.Name };
        draft.Write(_place.Identity);
        return draft;
    }

    private void Remember(StoreIdentity identity)
    {
        if (identity != _identity) identity.Write(_place.Identity);
        _identity = identity;
    }

    // Ends when the identity has a cluster, and is on the disk with it.
    private async Task SettleAsync(CancellationToken cancel)
    {
        if (_identity.ClusterId == 0)
        {
            if (_options.Peers.Count == 0) Found(NewId(), [Self]);
            else await FindClusterAsync(cancel);
        }
        else if (!_identity.IsAgent)
        {
            CheckLog(_identity);
        }

        var known = _identity.Peers.Select(PeerIdentity.Of).ToList();
        _talk.Know(known);
        _answers.Settle(_identity.ClusterId, known, () => [.. _late.View.Members.Keys]);
    }

    private void CheckLog(StoreIdentity identity)
    {
        if (!Directory.Exists(_place.Log))
            throw new MeshException($"cannot open the store in {_place.Folder}: its log {_place.Log} is missing, and with it what this member acknowledged; restore it from a backup, or move the directory away to join as a new member");
    }

    private async Task FindClusterAsync(CancellationToken cancel)
    {
        if (!_founding.IsFounder)
        {
            await JoinAsync(cancel);
            return;
        }

        if (await new FoundingRun(_founding, _answers, _calls, _time, _log.Say).RunAsync(cancel) is FoundingResult.Founded founded)
        {
            Found(founded.Cluster, founded.Voters);
            _log.Say($"founded the mesh {StoreIdentity.Hex(founded.Cluster)} with {string.Join(", ", founded.Voters.Select(static one => one.Name))}");
            return;
        }

        await JoinAsync(cancel);
    }

    private void Found(ulong cluster, IReadOnlyList<PeerIdentity> voters)
    {
        MakeLogFolder();
        Remember(_identity with { Cluster = StoreIdentity.Hex(cluster), Peers = ToKnown(voters), HasKept = true, InMesh = _options.Peers.Count > 0 });
    }

    private async Task JoinAsync(CancellationToken cancel)
    {
        var joined = await new Joining(_calls, _time, _log.Say).RunAsync(Self, 0, _options.Peers, cancel);
        var voters = PeerIdentity.ReadAll(joined.Members, FoundingTalk.MostPeers);
        Remember(_identity with
        {
            Member = StoreIdentity.Hex(joined.MemberId), Cluster = StoreIdentity.Hex(joined.ClusterId), Peers = ToKnown(voters), HasJoined = true, IsAgent = true, InMesh = true,
        });
        _log.Say($"joined the mesh {_identity.Cluster}");
    }

    private static IReadOnlyList<KnownPeer> ToKnown(IEnumerable<PeerIdentity> voters) => [.. voters.Select(static one => one.ToKnown(votes: true))];

    private void MakeLogFolder() => Directory.CreateDirectory(_place.Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    // A list of peers that are another mesh is a mistake that is better told at once; while nobody answers, work does not wait.
    private async Task CheckPeersAsync(CancellationToken cancel)
    {
        Remember(_identity with { InMesh = true });
        var joining = new Joining(_calls, _time, _log.Say);
        if (!await joining.CheckAsync(Self, _identity.ClusterId, _options.Peers, cancel)) _ = CheckLaterAsync(joining, cancel);
    }

    private async Task CheckLaterAsync(Joining joining, CancellationToken cancel)
    {
        try
        {
            do await Task.Delay(CheckAgainAfter, _time, cancel);
            while (!await joining.CheckAsync(Self, _identity.ClusterId, _options.Peers, cancel));
        }
        catch (MeshException e)
        {
            Fail(e);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The agent ends.
        }
    }

    private Task<Keeper> OpenAsync(StoreIdentity identity, CancellationToken cancel) =>
        Voters.Keeper.OpenAsync(new(_place, _addresses, _options.Node, _calls, _tls, _time, _log), identity, NewId, cancel);

    private static bool IsExpected(Exception e) => e is MeshException or LogException or SocketException or InvalidDataException or IOException or UnauthorizedAccessException or FileException;
}
