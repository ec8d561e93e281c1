using System.Collections.Concurrent;
using System.Net;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Voters;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Mesh.Tests.Voters;

public sealed class UpstreamsTests
{
    private static readonly IReadOnlyList<PeerIdentity> Five = [.. Enumerable.Range(1, 5).Select(static i => new PeerIdentity((ulong)i * 0x9e3779b97f4a7c15, $"v{i}", new($"v{i}", 2379), new($"v{i}", 2380)))];

    [Fact]
    public void Agents_are_spread_evenly_and_each_keeps_to_its_own()
    {
        var random = new Random(7);
        var counts = new Dictionary<PeerAddress, int>();
        for (var i = 0; i < 1000; i++)
        {
            var id = (ulong)random.NextInt64();
            using var upstreams = Of(id);
            upstreams.Follow(Five);
            var first = upstreams.Present!.Value;
            counts[first] = counts.GetValueOrDefault(first) + 1;
            upstreams.Follow([.. Five.Reverse()]);
            Assert.Equal(first, upstreams.Present);
        }

        Assert.Equal(5, counts.Count);
        Assert.All(counts.Values, static count => Assert.InRange(count, 140, 260));
    }

    [Fact]
    public void A_line_that_breaks_is_followed_by_another_and_all_of_them_by_the_first()
    {
        using var upstreams = Of(1);
        upstreams.Follow(Five);
        var seen = new List<PeerAddress>();
        for (var i = 0; i < 5; i++)
        {
            seen.Add(upstreams.Present!.Value);
            var trouble = upstreams.Trouble;
            upstreams.Failed(upstreams.Line!);
            Assert.True(trouble.IsCompleted);
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.NotNull(upstreams.Line);
    }

    /// <summary>A voter that is stopped closes nothing; one that is merely left answers what it has in hand.</summary>
    [Fact]
    public void What_waits_on_a_line_ends_when_it_is_given_up_alone()
    {
        using var upstreams = Of(1);
        upstreams.Follow(Five);
        var left = upstreams.Line!;
        using var goesOn = left.Limit(CancellationToken.None);
        upstreams.Follow([.. Five.Where(one => one.Api != upstreams.Present)]);
        var silent = upstreams.Line!;
        Assert.NotSame(left, silent);
        using var ends = silent.Limit(CancellationToken.None);
        upstreams.Failed(silent);
        Assert.Equal((false, true), (goesOn.IsCancellationRequested, ends.IsCancellationRequested));
    }

    [Fact]
    public void What_an_older_line_is_said_to_have_done_does_not_count()
    {
        using var upstreams = Of(1);
        upstreams.Follow(Five);
        var former = upstreams.Line!;
        upstreams.Failed(former);
        var present = upstreams.Line;
        upstreams.Failed(former);
        Assert.Same(present, upstreams.Line);
    }

    [Fact]
    public void One_that_votes_itself_asks_nobody()
    {
        using var upstreams = Of(1);
        Assert.False(upstreams.IsWanted);
        upstreams.Follow(Five);
        Assert.True(upstreams.IsWanted);
        upstreams.Rest();
        Assert.False(upstreams.IsWanted);
        Assert.Null(upstreams.Line);
    }

    [Fact]
    public void Nobody_to_ask_is_nobody()
    {
        using var upstreams = Of(1);
        upstreams.Follow([]);
        Assert.True(upstreams.IsWanted);
        Assert.Null(upstreams.Line);
    }

    /// <summary>A voter that is silent, or keeps the store no more, is left at the next look; one that knows no leader has the time of an election.</summary>
    [Theory]
    [InlineData(null, 1)]
    [InlineData(HttpStatusCode.Gone, 1)]
    [InlineData(HttpStatusCode.Unauthorized, 1)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 5)]
    public async Task A_voter_that_is_of_no_use_is_left(HttpStatusCode? status, int looks)
    {
        await using var look = new Look(Five);
        var first = look.Upstreams.Line!;
        await look.UntilAsync(() => look.AllAsked >= 5);
        Assert.Same(first, look.Upstreams.Line);

        look.Fail(status, first.Base.Host);
        await look.UntilAsync(() => look.Upstreams.Line != first);
        Assert.Equal(looks, look.AskedInVain);
        var (second, before) = (look.Upstreams.Line, look.AllAsked);
        await look.UntilAsync(() => look.AllAsked >= before + 20);
        Assert.Same(second, look.Upstreams.Line);
        Assert.Equal(status is HttpStatusCode.Unauthorized ? [first.Place] : [], look.RefusedBy);
    }

    /// <summary>Without a quorum nobody knows a leader: whoever follows does not go round in circles.</summary>
    [Fact]
    public async Task One_of_those_without_a_leader_is_kept()
    {
        await using var look = new Look([Five[0]]);
        var only = look.Upstreams.Line!;
        look.Fail(HttpStatusCode.ServiceUnavailable, only.Base.Host);
        await look.UntilAsync(() => look.AskedInVain >= 20);
        Assert.Same(only, look.Upstreams.Line);
    }

    /// <summary>An agent that looks after its line in a time of its own, and voters that answer what they are told to.</summary>
    private sealed class Look : IAsyncDisposable
    {
        private readonly FakeTimeProvider _time = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looking;
        private HttpStatusCode? _status = HttpStatusCode.OK;
        private string _host = "";
        private int _asked;
        private int _inVain;

        public Look(IReadOnlyList<PeerIdentity> voters)
        {
            Upstreams = new(static () => 1, isSecure: false, () => new Answering(this), RefusedBy.Enqueue, _time);
            Upstreams.Follow(voters);
            _looking = Upstreams.LookAfterAsync(_stop.Token);
        }

        public Upstreams Upstreams { get; }

        public ConcurrentQueue<string> RefusedBy { get; } = new();

        public int AllAsked => Volatile.Read(ref _asked);

        public int AskedInVain => Volatile.Read(ref _inVain);

        public void Fail(HttpStatusCode? status, string host) => (_status, _host) = (status, host);

        public async Task UntilAsync(Func<bool> done)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (!done())
            {
                if (limit.IsCancellationRequested) Assert.Fail($"after {AllAsked} looks, {AskedInVain} in vain, by {Upstreams.Present}");
                _time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _looking);
            Upstreams.Dispose();
            _stop.Dispose();
        }

        private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            Interlocked.Increment(ref _asked);
            if (request.RequestUri!.Host != _host) return new(HttpStatusCode.OK);
            Interlocked.Increment(ref _inVain);
            if (_status is { } status) return new(status);
            await Task.Delay(Timeout.Infinite, cancel);
            throw new InvalidOperationException("a delay without an end ended");
        }

        private sealed class Answering(Look look) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => look.AnswerAsync(request, cancellationToken);
        }
    }

    private static Upstreams Of(ulong self) => new(() => self, isSecure: false, static () => new SocketsHttpHandler(), static _ => { }, TimeProvider.System);
}
