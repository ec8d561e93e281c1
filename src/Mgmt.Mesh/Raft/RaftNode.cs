using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Raft;

/// <summary>A member of a Raft cluster on DotNext.Net.Cluster, with its log and its port.</summary>
public sealed partial class RaftNode : IConsensus
{
    /// <summary>DotNext's limit for any request; what is shorter, the connections hold themselves.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StepBackPause = TimeSpan.FromSeconds(1);
    private readonly RaftOptions _options;
    private readonly IReplica _replica;
    private readonly TimeProvider _time;
    private readonly VoterFile _voters;
    private readonly RaftLog _log;
    private readonly Port _port;
    private readonly Voter _raft;
    private readonly LeadershipFeed _feed;
    private readonly Peers _peers;
    private readonly CancellationTokenSource _closing = new();
    private int _kicked;
    private int _steppingBack;

    /// <exception cref="LogException">What is in the folder is damaged, another's, or does not fit the replica's state.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be listened on.</exception>
    private RaftNode(RaftOptions options, IReplica replica, IPeerDirectory directory, ITransportSecurity security, TimeProvider time)
    {
        (_options, _replica, _time) = (options, replica, time);
        Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var dialer = new Dialer(options, directory, security, time);
        _peers = new Peers(options.Member, dialer, time);
        _feed = new LeadershipFeed(options.Member, Told);
        _voters = OpenVoters(options, replica);
        try
        {
            var identity = new LogIdentity(options.Cluster, options.Member);
            _log = RaftLog.Open(new RaftLogOptions(options.Folder, identity, options.SegmentBytes, options.RetainedEntries, options.MaxSnapshotBytes), _voters, replica,
                new RaftLogHooks(() => Volatile.Write(ref _kicked, 0), Follows, CommittedUpTo, GoByVotersAsync, e => options.Failed?.Invoke(e)));
            _port = new Port(options, security, (stream, caller, cancel) => CallServer.ServeAsync(stream, caller, new Calls(this), cancel), time);
        }
        catch
        {
            _log?.Dispose();
            _voters.Dispose();
            throw;
        }

        _raft = new Voter(Configuration(options, dialer)) { AuditTrail = _log };
        _raft.LeaderChanged += (_, leader) => LeaderIs(leader);
    }

    /// <inheritdoc/>
    public ulong Member => _options.Member;

    /// <inheritdoc/>
    public Leadership Leadership => _feed.Current;

    /// <inheritdoc/>
    public IReadOnlyList<ulong> Voters => _voters.Voters.Ids;

    /// <inheritdoc/>
    public long CommittedIndex => _log.Committed;

    /// <summary>Where other members reach this one: the port that was given, or the free one that was found for port 0.</summary>
    public EndPoint EndPoint => _port.EndPoint;

    /// <summary>Starts a member. It follows, or, when it is the only voter, leads at once.</summary>
    /// <exception cref="LogException">What is in the folder is damaged, another's, or does not fit the replica's state.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be listened on.</exception>
    public static async Task<RaftNode> StartAsync(
        RaftOptions options, IReplica replica, IPeerDirectory directory, ITransportSecurity security, TimeProvider? time, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Cluster);
        ArgumentOutOfRangeException.ThrowIfZero(options.Member);
        var node = new RaftNode(options, replica, directory, security, time ?? TimeProvider.System);
        try
        {
            if (node.Voters is [var only] && only == options.Member)
                await node._log.LeadAloneAsync(DotNext.Net.Cluster.ClusterMemberId.FromEndPoint(MemberName.Of(options.Member)), cancel);
            await node._raft.StartAsync(cancel);
            node.LeaderIs(node._raft.Leader);
            node._port.Start();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _port.CloseAsync();
        await _peers.DisposeAsync();
        await _raft.StopAsync(default);
        await _raft.DisposeAsync();
        await _log.DisposeAsync();
        await _feed.CloseAsync();
        _voters.Dispose();
    }

    private static VoterFile OpenVoters(RaftOptions options, IReplica replica)
    {
        var voters = VoterFile.Open(Path.Combine(options.Folder, "voters"));
        if (voters.IsKnown) return voters;
        if (replica.Snapshot.Index > 0)
        {
            voters.Dispose();
            throw new LogException($"cannot start member {options.Member:x}: {options.Folder} is new, but its state is of entry {replica.Snapshot.Index}; its log and its votes are lost. Remove this member and add it anew");
        }

        voters.Save(new VoterSet(options.Founders), 0);
        return voters;
    }

    // Whoever listens nowhere has nobody to hear its heartbeats: each costs it a millisecond of processor time for nothing.
    private static double HeartbeatThreshold(RaftOptions options) => options.Listen is null ? 0.9 : Math.Clamp(options.Heartbeat / options.ElectionTimeout.Least, 0.01, 0.9);

    private RaftCluster.CustomTransportConfiguration Configuration(RaftOptions options, Dialer dialer) => new(MemberName.Of(options.Member), _port, dialer)
    {
        ConfigurationStorage = _voters,
        ColdStart = false,
        LowerElectionTimeout = (int)options.ElectionTimeout.Least.TotalMilliseconds,
        UpperElectionTimeout = (int)options.ElectionTimeout.Most.TotalMilliseconds,
        HeartbeatThreshold = HeartbeatThreshold(options),
        RequestTimeout = RequestTimeout,
        ConnectTimeout = options.ConnectTimeout * 2,
        AggressiveLeaderStickiness = true,
        LoggerFactory = new RaftNotices(options, _time),
    };
}
