using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>
/// A client of the store, over etcd's v3 API. Each endpoint is asked in turn until one answers: a read goes on to the next after any failure that is the
/// endpoint's own, a write only when it is certain that it was not done. Safe for any thread.
/// </summary>
public sealed partial class StoreClient : IDisposable
{
    private readonly StoreLine[] _lines;
    private readonly ClientTls? _tls;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private int _current;

    /// <summary>Makes a client that speaks as somebody; that belongs to it from then on.</summary>
    internal StoreClient(StoreAddress address, ClientTls? tls, TimeProvider time)
    {
        (_tls, _timeout, _time) = (tls, address.Timeout, time);
        _lines = [.. address.Endpoints.Select(endpoint => new StoreLine(endpoint, tls, address))];
    }

    /// <summary>Where it asks.</summary>
    public IReadOnlyList<Endpoint> Endpoints => [.. _lines.Select(static line => line.Endpoint)];

    /// <summary>Makes a client. Nothing is connected to before something is asked.</summary>
    /// <param name="address">Where the store is.</param>
    /// <param name="time">The clock of pauses between attempts.</param>
    /// <param name="problem">What is wrong with the files of TLS or a path, or nothing.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns it.")]
    public static StoreClient? Create(StoreAddress address, TimeProvider time, out string problem)
    {
        ArgumentOutOfRangeException.ThrowIfZero(address.Endpoints.Count, nameof(address));
        problem = "";
        if (address.Endpoints.OfType<Endpoint.Unix>().FirstOrDefault(static one => System.Text.Encoding.UTF8.GetByteCount(one.Path) > Endpoint.Unix.LongestPath) is { } tooLong)
        {
            problem = $"cannot reach the store at {tooLong}: the kernel takes a path of {Endpoint.Unix.LongestPath} bytes at most; name a shorter one with --socket";
            return null;
        }

        var tls = address.Tls is null ? null : ClientTls.Load(address.Tls, out problem);
        return problem.Length > 0 ? null : new(address, tls, time);
    }

    /// <summary>Reads keys.</summary>
    public Task<StoreAnswer<RangeResponse>> RangeAsync(RangeRequest request, CancellationToken cancel) =>
        AskAsync(isRead: true, (line, options) => line.Keys.RangeAsync(request, options), cancel);

    /// <summary>Writes a key.</summary>
    public Task<StoreAnswer<PutResponse>> PutAsync(PutRequest request, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Keys.PutAsync(request, options), cancel);

    /// <summary>Deletes keys.</summary>
    public Task<StoreAnswer<DeleteRangeResponse>> DeleteAsync(DeleteRangeRequest request, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Keys.DeleteRangeAsync(request, options), cancel);

    /// <summary>Compares, and does one thing or the other, all at one revision.</summary>
    public Task<StoreAnswer<TxnResponse>> TxnAsync(TxnRequest request, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Keys.TxnAsync(request, options), cancel);

    /// <summary>Forgets the history before a revision.</summary>
    public Task<StoreAnswer<CompactionResponse>> CompactAsync(long revision, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Keys.CompactAsync(new() { Revision = revision }, options), cancel);

    /// <summary>The members of the mesh's store.</summary>
    public Task<StoreAnswer<MemberListResponse>> MembersAsync(CancellationToken cancel) =>
        AskAsync(isRead: true, static (line, options) => line.Members.MemberListAsync(new(), options), cancel);

    /// <summary>The mesh's authority, in PEM; empty when the asked agent knows none.</summary>
    public Task<StoreAnswer<AuthorityResponse>> AuthorityAsync(CancellationToken cancel) =>
        AskAsync(isRead: true, static (line, options) => line.Trust.AuthorityAsync(new(), options), cancel);

    /// <summary>The alarms that are raised.</summary>
    public Task<StoreAnswer<AlarmResponse>> AlarmsAsync(CancellationToken cancel) =>
        AskAsync(isRead: true, static (line, options) => line.Maintenance.AlarmAsync(new() { Action = AlarmRequest.Types.AlarmAction.Get }, options), cancel);

    /// <summary>Takes an alarm back; what raised it may raise it again.</summary>
    public Task<StoreAnswer<AlarmResponse>> DisarmAsync(AlarmMember alarm, CancellationToken cancel) =>
        AskAsync(isRead: false, (line, options) => line.Maintenance.AlarmAsync(new() { Action = AlarmRequest.Types.AlarmAction.Deactivate, MemberID = alarm.MemberID, Alarm = alarm.Alarm }, options), cancel);

    /// <summary>Has the first endpoint's member read its home again.</summary>
    public Task<StoreAnswer<ScrubResponse>> ScrubAsync(CancellationToken cancel) => TryAsync(_lines[0], static (line, options) => line.Care.ScrubAsync(new(), options), cancel);

    /// <summary>Has the first endpoint's member write its home anew, with the state that it has in memory.</summary>
    public Task<StoreAnswer<DefragmentResponse>> RewriteHomeAsync(CancellationToken cancel) => TryAsync(_lines[0], static (line, options) => line.Maintenance.DefragmentAsync(new(), options), cancel);

    /// <summary>How each endpoint's member is, in their order; all are asked at once.</summary>
    public Task<StoreAnswer<StatusResponse>[]> StatusAsync(CancellationToken cancel) =>
        Task.WhenAll(_lines.Select(line => TryAsync(line, static (line, options) => line.Maintenance.StatusAsync(new(), options), cancel)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var line in _lines) line.Dispose();
        _tls?.Dispose();
    }

    private async Task<StoreAnswer<T>> AskAsync<T>(bool isRead, Func<StoreLine, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancel)
        where T : class
    {
        var first = _current;
        var failures = new List<StoreFailure>();
        for (var i = 0; ; i++)
        {
            var at = (first + i) % _lines.Length;
            var answer = await TryAsync(_lines[at], call, cancel);
            if (answer.Failure is { } failure && MayGoOn(failure.Kind, isRead))
            {
                failures.Add(failure);
                if (failures.Count < _lines.Length) continue;
                return answer with { Failure = OfAll(failures) };
            }

            // Who answers is asked first the next time.
            _current = at;
            return answer;
        }
    }

    private static bool MayGoOn(FailureKind kind, bool isRead) => kind is FailureKind.Unreachable or FailureKind.NotDone || (isRead && kind == FailureKind.Unknown);

    private async Task<StoreAnswer<T>> TryAsync<T>(StoreLine line, Func<StoreLine, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancel, TimeSpan? patience = null)
        where T : class
    {
        var timeout = patience ?? _timeout;
        try
        {
            // gRPC counts deadlines by the machine's own clock.
            using var asked = call(line, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + timeout, cancellationToken: cancel));
            return new(await asked, null, line.Endpoint);
        }
        catch (RpcException error)
        {
            cancel.ThrowIfCancellationRequested();
            return new(null, FailureWords.Of(error, line.Endpoint, timeout), line.Endpoint);
        }
    }

    /// <summary>What counts most of several failures is what was heard from a member; whom nobody reached are all told.</summary>
    private static StoreFailure OfAll(List<StoreFailure> failures)
    {
        if (failures.FirstOrDefault(static one => one.Kind != FailureKind.Unreachable) is { } heard) return heard;
        return failures.Count == 1
            ? failures[0]
            : failures[^1] with { Reason = string.Join("; ", failures.Select(static one => one.Reason)), Advice = "see that a member runs at one of them, or name others with --endpoints" };
    }
}
