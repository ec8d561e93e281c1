using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mgmt.Linux.Files;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Voters;

/// <summary>
/// One agent's part in its mesh, from its place on the disk to its API: it knows or finds its cluster, and keeps the store or asks those who do. Its API answers
/// from the beginning; what needs the store is refused until there is one.
/// </summary>
public sealed class Participant : IAsyncDisposable
{
    private readonly ParticipantRun _run;
    private readonly ApiServer _api;
    private readonly FileStream _lock;
    private readonly StoreClient _client;
    private readonly Presence? _presence;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _work;
    private readonly Task _presenting;

    private Participant(ParticipantRun run, ApiServer api, FileStream @lock, StoreClient client, Presence? presence)
    {
        (_run, _api, _lock, _client, _presence) = (run, api, @lock, client, presence);
        run.EndStreams = api.EndStreams;
        _work = run.RunAsync(_ending.Token);
        _presenting = presence?.RunAsync(run.Ready, _ending.Token) ?? Task.CompletedTask;
    }

    /// <summary>Ends when there is a store to ask, here or elsewhere; fails with what keeps it from ever being there.</summary>
    public Task Ready => _run.Ready;

    /// <summary>Ends, with a failure, when this agent cannot take part any more.</summary>
    public Task Failed => _run.Failed;

    /// <summary>The store, while it is kept here.</summary>
    public StoreNode? Node => _run.Keeper?.Node;

    /// <summary>Asks the store, wherever it is.</summary>
    public StoreClient Client => _client;

    /// <summary>What this host says of itself in the store while its agent runs; null when it belongs to no mesh.</summary>
    public LeasedKeys? Keys => _presence?.Keys;

    /// <summary>Where the API listens on TCP.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _api.Endpoints;

    /// <summary>Whether a state directory belongs to a mesh already, so that no list of peers is needed.</summary>
    /// <param name="prefix">The agent's state directory.</param>
    /// <exception cref="MeshException">What is there cannot be read.</exception>
    public static bool IsInMesh(string prefix)
    {
        try
        {
            return StoreIdentity.Read(new StorePlace(Path.GetFullPath(prefix)).Identity) is { InMesh: true };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new MeshException(e.Message, e);
        }
    }

    /// <summary>Takes the place on the disk, listens, and begins to find its cluster.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="time">For all waiting.</param>
    /// <param name="log">Takes what an operator should know.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MeshException">The place is in use or broken, or an address is.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The participant owns its parts, and the caller the participant.")]
    public static async Task<Participant> StartAsync(ParticipantOptions options, TimeProvider time, IParticipantLog log, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = new StorePlace(Path.GetFullPath(options.Prefix));
        var @lock = Take(place);
        ParticipantRun? run = null;
        try
        {
            var addresses = await ParticipantAddresses.OfAsync(options, cancel);
            if (options.Volunteers) Try(addresses.RaftListen);
            run = new ParticipantRun(options, place, addresses, time, log);
            var started = await ApiServer.StartAsync(run.ApiOptions, run.Late, run.Changes, run.Talk, trust: null, run.Upstream, log, time, cancel);
            if (started.Server is not { } server) throw new MeshException(started.Problem);
            var client = Connect(place, time);
            return new(run, server, @lock, client, options.RaftListen is null ? null : new Presence(run, options, client, time));
        }
        catch (Exception e)
        {
            if (run is not null) await run.DisposeAsync();
            await @lock.DisposeAsync();
            if (e is not (InvalidDataException or IOException or UnauthorizedAccessException or FileException)) throw;
            throw new MeshException(e.Message.StartsWith("cannot", StringComparison.Ordinal) ? e.Message : $"cannot open the store in {place.Folder}: {e.Message}", e);
        }
    }

    /// <summary>
    /// To be called before an orderly end: if this agent votes, another one takes its place, when there is one, and if it leads, it hands over. Ends in a bounded
    /// time; nothing is lost when it is cut short.
    /// </summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        if (_presence is not null) await _presence.LeaveAsync(cancel);
    }

    /// <summary>Serves no more, and brings the store to the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _presenting;
        _client.Dispose();
        await _api.DisposeAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _run.DisposeAsync();
        await _lock.DisposeAsync();
        _ending.Dispose();
    }

    // An agent listens there only when it is made to vote: that it could not is better known now.
    private static void Try(IPEndPoint? raft)
    {
        if (raft is not { Port: > 0 }) return;
        try
        {
            using var listener = new TcpListener(raft);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new MeshException($"cannot listen on {raft} for Raft: {e.Message}; free the address or choose another with --raft-listen", e);
        }
    }

    // The API listens there, so that nothing is wrong with the path.
    private static StoreClient Connect(StorePlace place, TimeProvider time) =>
        StoreClient.Create(new StoreAddress([new Endpoint.Unix(place.Socket)], null, StoreAddress.UsualTimeout), time, out var problem) ?? throw new InvalidOperationException(problem);

    private static FileStream Take(StorePlace place)
    {
        try
        {
            Directory.CreateDirectory(place.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new(place.Lock, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (IOException e)
        {
            throw new MeshException($"cannot open the store in {place.Folder}: {e.Message.TrimEnd('.')}; if another agent has it open, stop it first, or name another directory with --prefix", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new MeshException($"cannot open the store in {place.Folder}: {e.Message.TrimEnd('.')}; name another directory with --prefix", e);
        }
    }
}
