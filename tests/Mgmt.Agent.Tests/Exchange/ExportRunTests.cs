using System.Collections.Concurrent;
using Mgmt.Agent.Exchange;
using Mgmt.Engine;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>What an exporter does to the store, transaction by transaction, on fake time.</summary>
public sealed class ExportRunTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7), Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly ConcurrentQueue<string> _told = [];
    private readonly ExchangeLog _log;
    private ExportRun? _run;

    public ExportRunTests() => _log = new ExchangeLog(new ReportGate(report => _told.Enqueue(report switch { WarningReport warning => warning.Message, StoreReport store => store.Message, _ => report.ToString() })), _time);

    private static ExportSet Both => Peers.Exports("graph: g\nresources:\n  file: [{name: \"@@/a\"}, {name: \"@@/b\"}]\n  noop: [{name: \"@@n\"}]\n");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_run is not null) await _run.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task AllKindsChangeInOneTransactionUnderOneLease()
    {
        Begin(Both);
        await DoesAsync("grant 101", "put me/file me/noop, lease 101");
        _run!.Want(Peers.Files("me", "/a"));
        await DoesAsync("put me/file, delete me/noop, lease 101");
        _run.Want(ExportSet.Empty);
        await DoesAsync("delete me/file", "revoke 101");
        _run.Want(Both);
        await DoesAsync("grant 102", "put me/file me/noop, lease 102");
    }

    [Fact]
    public async Task NothingIsWrittenWhenNothingChangedAlsoAfterARestart()
    {
        var lease = _store.Begin(Both, "me", Grace);
        Begin(Both);
        await DoesAsync($"keep {lease}");
        Assert.Equal([lease], _store.Leases.Keys);
        _run!.Want(Both);
        _run.Want(Peers.Files("me", "/a"));
        await DoesAsync($"put me/file, delete me/noop, lease {lease}");
    }

    [Fact]
    public async Task WhatAnEarlierRunExportedIsTakenBack()
    {
        var lease = _store.Begin(Both, "me", Grace);
        _store.Begin(Peers.Files("other", "/x"), "other", Grace);
        Begin(ExportSet.Empty);
        await DoesAsync("delete me/file me/noop", $"revoke {lease}");
        Assert.Equal(["mgmt/exports/other/file"], _store.Values.Keys);
    }

    [Fact]
    public async Task AnotherGraceMovesAllToANewLease()
    {
        var old = _store.Begin(Both, "me", TimeSpan.FromDays(1));
        Begin(Both);
        await DoesAsync("grant 102", "put me/file me/noop, lease 102", $"revoke {old}");
    }

    [Fact]
    public async Task TheLeaseIsKeptAliveAndMadeAnewWhenItIsGone()
    {
        Begin(Both);
        await DoesAsync("grant 101", "put me/file me/noop, lease 101");
        await AdvanceUntilAsync("keep 101", TimeSpan.FromMinutes(10));
        _store.Expire(101);
        await ToldAsync("it is put back in 1 s");
        _time.Advance(TimeSpan.FromSeconds(1));
        await DoesAsync("keep 101");
        await AdvanceUntilAsync("grant 102", TimeSpan.FromMilliseconds(100));
        await DoesAsync("put me/file me/noop, lease 102");
    }

    [Fact]
    public async Task AnOutageIsWaitedForAndToldOfWhenItLasts()
    {
        _store.Fail("no leader");
        Begin(Both);
        await AdvanceUntilToldAsync("cannot exchange resources: no leader");
        _store.Fail("");
        await AdvanceUntilAsync("grant 101", TimeSpan.FromSeconds(1));
        await DoesAsync("put me/file me/noop, lease 101");
        Assert.Contains(_told, static one => one.StartsWith("it answers again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatSomebodyElseWritesIsPutBackSlowly()
    {
        Begin(Both);
        await DoesAsync("grant 101", "put me/file me/noop, lease 101");
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            _store.Meddle("mgmt/exports/me/file", "x"u8.ToArray());
            await ToldAsync($"it is put back in {seconds} s");
            _time.Advance(TimeSpan.FromSeconds(seconds));
            await DoesAsync("put me/file, lease 101");
        }
    }

    [Theory]
    [InlineData(1001, 1, "cannot export 1001 resources: 1000 are the most of one host")]
    [InlineData(2, 600_000, "bytes of resources: 1048576 are the most of one host")]
    public void MoreThanAHostMayExportIsRefused(int count, int length, string why)
    {
        var exports = Enumerable.Range(0, count).Select(i => $"  - {{name: \"@@/{i}\", content: \"{new string('x', length)}\"}}\n");
        Assert.Null(ExportSet.Of(Peers.Graph("graph: g\nresources:\n  file:\n" + string.Concat(exports)).Exports, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    private void Begin(ExportSet wanted)
    {
        _run = new ExportRun(_store, "me", Grace, _time, _log);
        _run.Want(wanted);
    }

    private async Task DoesAsync(params string[] expected)
    {
        foreach (var one in expected) Assert.Equal(one, await _store.DoneAsync());
    }

    // Time stands still for the loop unless the test moves it.
    private async Task AdvanceUntilAsync(string expected, TimeSpan step)
    {
        for (var since = DateTime.UtcNow; _store.IsQuiet; await Task.Delay(1))
        {
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"{expected} does not come; told: {string.Join("; ", _told)}");
            _time.Advance(step);
        }

        await DoesAsync(expected);
    }

    private async Task AdvanceUntilToldAsync(string words)
    {
        for (var since = DateTime.UtcNow; !IsTold(words); await Task.Delay(1))
        {
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"\"{words}\" is not told; told: {string.Join("; ", _told)}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private bool IsTold(string words) => _told.Any(one => one.Contains(words, StringComparison.Ordinal));

    private async Task ToldAsync(string words)
    {
        for (var since = DateTime.UtcNow; !IsTold(words); await Task.Delay(1))
        {
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"\"{words}\" is not told; told: {string.Join("; ", _told)}");
        }
    }
}
