using System.Diagnostics.CodeAnalysis;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Wire;
using Mgmt.Mesh.Trust;
using Mgmt.Store.Commands;
using Mgmt.Store.Home;

namespace Mgmt.Mesh.Voters;

/// <summary>A copy of the store that this agent keeps, from its opening to its end: the home, the log, Raft, and what falls to whoever leads.</summary>
internal sealed class Keeper : IAsyncDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly KeeperParts _parts;
    private readonly RaftNode _raft;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _failed;
    private readonly Task _leading;

    private Keeper(KeeperParts parts, StoreNode node, RaftNode raft, TaskCompletionSource failed, Func<ulong> newId)
    {
        (_parts, Node, _raft, _failed) = (parts, node, raft, failed);
        Membership = new(node, parts.Tls is not null, newId);
        _leading = parts.Addresses.RaftListen is null ? Task.CompletedTask : LeadAsync();
    }

    /// <summary>The store.</summary>
    public StoreNode Node { get; }

    /// <summary>Changes who is a member.</summary>
    public VoterMembership Membership { get; }

    /// <summary>Fails when this member cannot go on.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Opens the home and the log, and takes part.</summary>
    /// <exception cref="MeshException">What is on the disk cannot be used.</exception>
    /// <exception cref="Raft.Log.LogException">The log is damaged, or another's.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Raft's port cannot be listened on.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The keeper owns its parts, and the caller the keeper.")]
    public static async Task<Keeper> OpenAsync(KeeperParts parts, StoreIdentity identity, Func<ulong> newId, CancellationToken cancel)
    {
        var (place, log, time) = (parts.Place, parts.Log, parts.Time);
        var known = identity.Peers.Select(PeerIdentity.Of).ToList();
        var home = new HomeIdentity(identity.ClusterId, identity.MemberId);
        var others = known.Where(one => one.Member != identity.MemberId).Select(static one => one.Api).ToList();
        var node = new StoreNode(place, home, await new StoreOpening(place, home, log.Warn).OpenAsync(parts.Calls, others, cancel), parts.Node, time, newId(), log.Warn);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var directory = new MemberDirectory(known);
        directory.LookAt(() => node.View);
        var options = new RaftOptions
        {
            Folder = place.Log, Cluster = identity.ClusterId, Member = identity.MemberId, Listen = parts.Addresses.RaftListen,
            Founders = identity.HasJoined ? [] : [.. known.Select(static one => one.Member)],
            Failed = failure => failed.TrySetException(failure), Notice = log.Say,
        };
        try
        {
            var raft = await RaftNode.StartAsync(options, node.Replica, directory, parts.Tls is null ? PlainTransport.Instance : new TlsTransport(parts.Tls), time, cancel);
            node.Join(raft);
            _ = node.Broken.ContinueWith(broken => failed.TrySetException(broken.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return new(parts, node, raft, failed, newId);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The state says where each member is, and this one says it of itself: at the founding, and again when it has moved. Ends when the state says so.
    /// </summary>
    public async Task RegisterAsync(PeerIdentity self, IReadOnlyList<string>? clientUrls, bool isFounder, CancellationToken cancel)
    {
        while (true)
        {
            var isThere = Node.View.Members.TryGetValue(self.Member, out var present);
            var wanted = MemberUrls.ToMember(self, _parts.Tls is not null, isThere && present!.IsLearner);
            if (clientUrls is not null) wanted = wanted with { ClientUrls = clientUrls };
            if (_parts.Addresses.RaftListen is null) wanted = wanted with { PeerUrls = [] };
            if (isThere && present! == wanted) return;
            if (isThere) await CheckOwnAsync(self, present!, cancel);

            // One that came later is put there by whoever let it in.
            if (isThere || isFounder) await Node.ExecuteAsync(new Command.MemberSet(wanted), cancel);
            await Task.Delay(LookAgainAfter, _parts.Time, cancel);
        }
    }

    // One that is said to be elsewhere has moved, unless it is still there.
    private async Task CheckOwnAsync(PeerIdentity self, Store.Member present, CancellationToken cancel)
    {
        if (MemberUrls.ToPeer(present) is not { } former || former.Api == self.Api || await _parts.Calls.HelloAsync(former.Api, new(), cancel) is not { Self: { } other } || other.MemberId != self.Member) return;
        throw new MeshException($"cannot take part in the mesh: the agent at {former.Api} is the same member {StoreIdentity.Hex(self.Member)}: one state directory is a copy of the other; empty this one's store directory");
    }

    /// <summary>Hands the leadership, if it is here, to a voter that is up to date.</summary>
    public async Task HandOverAsync(CancellationToken cancel)
    {
        foreach (var voter in Node.Voters.Where(one => one != Node.Member))
        {
            if (!Node.Leadership.IsLocal) return;
            if (await Node.TransferAsync(voter, cancel) is not null) continue;
            var name = Node.View.Members.TryGetValue(voter, out var known) ? known.Name : StoreIdentity.Hex(voter);
            _parts.Log.Say($"handed over: {name} leads, as this agent is about to stop", name);
            return;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _leading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _raft.DisposeAsync();
        await Node.DisposeAsync();
        Membership.Dispose();
        _ending.Dispose();
    }

    // Without the masters the mesh would go on, and never heal: a fault there ends the agent like any other fault of the program.
    private async Task LeadAsync()
    {
        try
        {
            await new MastersLoop(Node, new Lookout(Node, _raft.ProbeAsync, _parts.Time), Membership, _parts.Calls, _parts.Time, _parts.Log).RunAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // This member stops.
        }
        catch (Exception e)
        {
            _failed.TrySetException(e);
        }
    }
}
