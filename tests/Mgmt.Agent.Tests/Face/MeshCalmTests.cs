using System.Collections.Immutable;
using System.Threading.Channels;
using Mgmt.Agent.Exchange;
using Mgmt.Agent.Face;
using Mgmt.Agent.Tests.Exchange;
using Mgmt.Mesh.Masters;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests.Face;

/// <summary>When all agents of a mesh are converged.</summary>
public sealed class MeshCalmTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "", false)]
    [InlineData("a b", "a+ b+", true)]
    [InlineData("a b", "a+ b-", false)]
    [InlineData("a b", "a+", false)]
    [InlineData("a", "a+ gone-", true)]
    public void All_that_run_have_to_say_so(string agents, string notes, bool isCalm) =>
        Assert.Equal(isCalm, MeshCalm.Unknown.WithAgents(Agents(agents)).WithNotes(Notes(notes)).IsCalm);

    [Fact]
    public void Nothing_is_known_before_both_are_read()
    {
        Assert.False(MeshCalm.Unknown.WithAgents(Agents("a")).IsCalm);
        Assert.False(MeshCalm.Unknown.WithNotes(Notes("a+")).IsCalm);
    }

    [Fact]
    public void One_that_ends_disturbs_nobody_whichever_is_heard_of_first()
    {
        var before = MeshCalm.Unknown.WithAgents(Agents("a b")).WithNotes(Notes("a+ b+"));
        foreach (var (first, second) in new (Func<MeshCalm, MeshCalm>, Func<MeshCalm, MeshCalm>)[] { (Card, Note), (Note, Card) })
        {
            var between = first(before);
            var after = second(between);
            Assert.True(between.IsCalm && after.IsCalm);
            Assert.False(between.IsNewsAfter(before) || after.IsNewsAfter(between));
        }

        static MeshCalm Card(MeshCalm calm) => calm.WithAgents(Agents("a"));
        static MeshCalm Note(MeshCalm calm) => calm.WithNotes(Notes("a+"));
    }

    [Fact]
    public void What_an_agent_does_and_who_comes_is_news()
    {
        var before = MeshCalm.Unknown.WithAgents(Agents("a b")).WithNotes(Notes("a+ b+"));
        Assert.False(before.WithNotes(Notes("a+ b+")).IsNewsAfter(before));
        Assert.True(before.WithNotes(Notes("a+ b+", seconds: 1)).IsNewsAfter(before));
        Assert.True(before.WithAgents(Agents("a b c")).IsNewsAfter(before));
    }

    [Fact]
    public async Task It_is_told_when_all_have_been_converged_for_so_long_and_not_while_the_mesh_is_not_seen()
    {
        var (store, time, told) = (new FakeStore(), new FakeTimeProvider(), Channel.CreateUnbounded<AgentMessage>());
        foreach (var one in new[] { "a", "b" }) store.Meddle(MastersKeys.Agents + one, [1]);
        store.Meddle(MastersKeys.Converged + "a", Note(true).Encode());
        await using var watch = new MeshCalmWatch(store, TimeSpan.FromSeconds(5), time, message => told.Writer.TryWrite(message));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(told.Reader.TryRead(out _));

        store.Meddle(MastersKeys.Converged + "b", Note(true).Encode());
        Assert.IsType<AgentMessage.MeshConverged>(await ToldAsync(told, time));

        store.Fail("no leader");
        await QuietAsync(told, time);
        store.Fail("");
        Assert.IsType<AgentMessage.MeshConverged>(await ToldAsync(told, time));
    }

    private static ConvergedNote Note(bool isConverged, int seconds = 0) => new() { Converged = isConverged, Since = Noon.AddSeconds(seconds) };

    private static PrefixView Agents(string hosts) => View(MastersKeys.Agents, hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static host => (host, Array.Empty<byte>())));

    private static PrefixView Notes(string notes, int seconds = 0) =>
        View(MastersKeys.Converged, notes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => (one[..^1], Note(one[^1] == '+', seconds).Encode())));

    private static PrefixView View(string prefix, IEnumerable<(string Host, byte[] Value)> values) =>
        new(values.ToImmutableDictionary(one => prefix + one.Host, static one => new StoredValue(one.Value, 1, 1)), 1);

    // Time goes on in small steps until something is told: what is followed is heard of on other threads.
    private static async Task<AgentMessage> ToldAsync(Channel<AgentMessage> told, FakeTimeProvider time)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        AgentMessage? message;
        while (!told.Reader.TryRead(out message))
        {
            late.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return message;
    }

    // The outage is heard of on other threads, too: from some time on nothing is told any more, however much time passes.
    private static async Task QuietAsync(Channel<AgentMessage> told, FakeTimeProvider time)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var quiet = 0; quiet < 100; quiet++)
        {
            late.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
            if (told.Reader.TryRead(out _)) quiet = 0;
        }
    }
}
