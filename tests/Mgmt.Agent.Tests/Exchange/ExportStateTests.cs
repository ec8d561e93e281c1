using System.Collections.Immutable;
using Mgmt.Agent.Exchange;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>What an exporter decides, from what it knows alone.</summary>
public sealed class ExportStateTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7);
    private static readonly ExportSet Wanted = Peers.Files("me", "/a");
    private static readonly PrefixView Nothing = new(ImmutableDictionary<string, StoredValue>.Empty, 5);

    private static ExportState Knowing(ExportSet? wanted, PrefixView? stored, long lease = 0) => new("me", Grace, wanted, stored, lease, 0);

    [Fact]
    public void NothingIsDoneBeforeBothSidesAreKnown()
    {
        Assert.IsType<ExportStep.Rest>(Knowing(null, Nothing).Next());
        Assert.IsType<ExportStep.Rest>(Knowing(Wanted, null).Next());
        Assert.IsType<ExportStep.Rest>(Knowing(ExportSet.Empty, Nothing).Next());
    }

    /// <summary>A watch may tell of what was there before our own transaction after that was acknowledged: it would be written again.</summary>
    [Fact]
    public void AViewFromBeforeTheLastTransactionChangesNothing()
    {
        var state = Knowing(Wanted, Nothing, lease: 9);
        var write = Assert.IsType<ExportStep.Write>(state.Next());
        state = state.WithWritten(write.Change, 8);
        Assert.IsType<ExportStep.Rest>(state.Next());
        Assert.IsType<ExportStep.Rest>(state.WithView(Nothing with { Revision = 7 }).Next());
        Assert.IsType<ExportStep.Write>(state.WithView(Nothing with { Revision = 9 }).Next());
    }

    [Fact]
    public void ALeaseOfAnEarlierRunIsAskedForOnceAndKeptOnlyIfItIsTheRightOne()
    {
        var stored = new PrefixView(Nothing.Values.Add("mgmt/exports/me/file", new StoredValue(Wanted.Sheets["file"], 3, 2)), 5);
        var state = Knowing(Wanted, stored);
        Assert.Equal(new ExportStep.Ask(3), state.Next());
        Assert.IsType<ExportStep.Rest>(state.WithAnswer(3, Grace).Next());
        Assert.IsType<ExportStep.Grant>(state.WithAnswer(3, TimeSpan.FromDays(1)).Next());
        Assert.IsType<ExportStep.Grant>(state.WithAnswer(3, TimeSpan.Zero).Next());
        var write = Assert.IsType<ExportStep.Write>((state.WithAnswer(3, TimeSpan.Zero) with { Lease = 4 }).Next());
        Assert.Equal((3, 4, 1, 0), (write.Outdated, write.Change.Lease, write.Change.Puts.Count, write.Change.Deletes.Count));
    }

    /// <summary>However much a host exported before and does now, it fits into one transaction.</summary>
    [Fact]
    public void TheMostThatCanChangeFitsIntoOneTransaction() =>
        Assert.True(ExchangeLimits.Kinds * 2 <= Store.Limits.TxnOperations && ExchangeLimits.Bytes + (ExchangeLimits.Kinds * 512) < Store.Limits.RequestBytes);
}
