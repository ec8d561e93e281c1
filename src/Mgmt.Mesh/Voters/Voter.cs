using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mgmt.Linux.Files;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Voters;

/// <summary>
/// One member, from its place on the disk to its API: it knows or finds its cluster, opens its store, takes part in Raft and serves. Its API answers from the
/// beginning; what needs the store is refused until there is one.
/// </summary>
public sealed class Voter : IAsyncDisposable
{
    private readonly VoterRun _run;
    private readonly ApiServer _api;
    private readonly FileStream _lock;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _work;

    private Voter(VoterRun run, ApiServer api, FileStream @lock, Func<VoterRun, CancellationToken, Task> work)
    {
        (_run, _api, _lock) = (run, api, @lock);
        _work = work(run, _ending.Token);
    }

    /// <summary>Ends when this member serves its store; fails with what keeps it from ever doing so.</summary>
    public Task Ready => _run.Ready;

    /// <summary>Ends, with a failure, when this member cannot go on.</summary>
    public Task Failed => _run.Failed;

    /// <summary>The store, once it is <see cref="Ready"/>.</summary>
    public StoreNode? Node => _run.Node;

    /// <summary>Where the API listens on TCP.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _api.Endpoints;

    /// <summary>Takes the place on the disk, listens, and begins to find its cluster.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="time">For all waiting.</param>
    /// <param name="log">Takes what an operator should know.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MeshException">The place is in use or broken, or an address is.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The voter owns its parts, and the caller the voter.")]
    public static async Task<Voter> StartAsync(VoterOptions options, TimeProvider time, IVoterLog log, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = new StorePlace(Path.GetFullPath(options.Prefix));
        var @lock = Take(place);
        VoterRun? run = null;
        try
        {
            var addresses = await VoterAddresses.OfAsync(options, cancel);
            run = new VoterRun(options, place, addresses, time, log);
            run.OpenMeanwhile();
            var started = await ApiServer.StartAsync(run.ApiOptions, run.Late, run.Changes, run.Talk, trust: null, log, time, cancel);
            return started.Server is { } server ? new(run, server, @lock, static (one, ending) => one.RunAsync(ending)) : throw new MeshException(started.Problem);
        }
        catch (Exception e)
        {
            if (run is not null) await run.DisposeAsync();
            await @lock.DisposeAsync();
            if (e is not (InvalidDataException or IOException or UnauthorizedAccessException or FileException)) throw;
            throw new MeshException(e.Message.StartsWith("cannot", StringComparison.Ordinal) ? e.Message : $"cannot open the store in {place.Folder}: {e.Message}", e);
        }
    }

    /// <summary>Serves no more, hands over what can be, and brings the store to the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _api.DisposeAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _run.DisposeAsync();
        await _lock.DisposeAsync();
        _ending.Dispose();
    }

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
