using System.Diagnostics.CodeAnalysis;
using System.Net;
using Mgmt.Mesh.Api.Forwarding;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;

namespace Mgmt.Mesh.Voters;

/// <summary>
/// Which voter an agent asks that keeps no store: one of them, and another when that is lost. Each agent prefers another order, so that they are spread evenly.
/// </summary>
/// <param name="self">This agent's member id.</param>
/// <param name="isSecure">Whether to speak TLS.</param>
/// <param name="makeHandler">Makes what connects.</param>
/// <param name="refused">Told of a voter that answers that this host's certificate is revoked.</param>
/// <param name="time">For pauses.</param>
internal sealed class Upstreams(Func<ulong> self, bool isSecure, Func<HttpMessageHandler> makeHandler, Action<string> refused, TimeProvider time) : IUpstream, IDisposable
{
    private static readonly TimeSpan AvoidFor = TimeSpan.FromSeconds(3), LookEvery = TimeSpan.FromMilliseconds(400), Patience = TimeSpan.FromMilliseconds(500);

    // In a row: two seconds, longer than an election takes.
    private const int MostLeaderless = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, long> _failed = [];
    private IReadOnlyList<PeerIdentity> _voters = [];
    private PeerIdentity? _present;
    private UpstreamLine? _line;
    private TaskCompletionSource _trouble = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsWanted { get; private set; }

    public UpstreamLine? Line
    {
        get
        {
            lock (_lock) return _line;
        }
    }

    /// <summary>Ends when a line breaks.</summary>
    public Task Trouble => Volatile.Read(ref _trouble).Task;

    /// <summary>Who is asked now, or nobody.</summary>
    public PeerAddress? Present
    {
        get
        {
            lock (_lock) return _present?.Api;
        }
    }

    /// <summary>From now on one of these is asked.</summary>
    public void Follow(IReadOnlyList<PeerIdentity> voters)
    {
        lock (_lock)
        {
            IsWanted = true;
            var isNews = !_voters.SequenceEqual(voters);
            _voters = voters;
            if (isNews || _line is null) Take(Best());
        }
    }

    /// <summary>From now on this agent answers by itself.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            IsWanted = false;
            _voters = [];
            Take(null);
        }
    }

    public void Failed(UpstreamLine line)
    {
        lock (_lock)
        {
            if (line != _line) return;
            _failed[_present!.Member] = time.GetTimestamp();
            _line = null;
            Take(Best());
        }

        // Beside the lock: what waits on the line goes on at once, and asks for the next.
        line.Break();
        Interlocked.Exchange(ref _trouble, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>
    /// Asks the voter that is followed again and again whether it is there, so that one that falls silent, or votes no more, is left within a second: the pings of
    /// HTTP/2 are too slow for that, and know less. Ends by <see cref="OperationCanceledException"/>.
    /// </summary>
    public async Task LookAfterAsync(CancellationToken cancel)
    {
        for (var leaderless = 0; ;)
        {
            await Task.Delay(LookEvery, time, cancel);
            if (Line is not { } line) continue;
            var status = await AskAsync(line, cancel);
            if (status is HttpStatusCode.Unauthorized) refused(line.Place);
            leaderless = status is HttpStatusCode.ServiceUnavailable ? leaderless + 1 : 0;

            // Elections are short; one that is cut off from the others is not waited for.
            if (status is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable) || (leaderless >= MostLeaderless && HasAnother())) Failed(line);
        }
    }

    public void Dispose() => Rest();

    // Answers null when the voter does not.
    private async Task<HttpStatusCode?> AskAsync(UpstreamLine line, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(line.Base, "/readyz")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await line.Invoker.SendAsync(request, limit.Token);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private bool HasAnother()
    {
        lock (_lock) return _voters.Any(one => one != _present && !HasFailed(one));
    }

    private bool HasFailed(PeerIdentity one) => _failed.TryGetValue(one.Member, out var at) && time.GetElapsedTime(at) < AvoidFor;

    // Each pair of an agent and a voter has its own weight, the same at all times; what fails is at the end for a while.
    private PeerIdentity? Best() => _voters.OrderBy(HasFailed).ThenBy(one => Weight(self() ^ one.Member)).FirstOrDefault();

    [SuppressMessage("Reliability", "CA2000", Justification = "The line owns what sends.")]
    private void Take(PeerIdentity? voter)
    {
        if (voter == _present && (voter is null) == (_line is null)) return;
        _line?.Dispose();
        _present = voter;
        _line = voter is null ? null : new(voter.Api.ToString(), new Uri($"{(isSecure ? "https" : "http")}://{voter.Api}"), new HttpMessageInvoker(makeHandler()));
    }

    private static ulong Weight(ulong pair)
    {
        pair = (pair ^ (pair >> 30)) * 0xbf58476d1ce4e5b9;
        pair = (pair ^ (pair >> 27)) * 0x94d049bb133111eb;
        return pair ^ (pair >> 31);
    }
}
