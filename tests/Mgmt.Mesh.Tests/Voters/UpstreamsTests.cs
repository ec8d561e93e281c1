using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Voters;

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

    private static Upstreams Of(ulong self) => new(() => self, isSecure: false, static () => new SocketsHttpHandler(), TimeProvider.System);
}
