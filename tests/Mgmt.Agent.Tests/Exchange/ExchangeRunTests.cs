using System.Collections.Concurrent;
using System.Threading.Channels;
using Mgmt.Agent.Exchange;
using Mgmt.Engine;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>One host's part in the exchange, between its graph and a store.</summary>
public sealed class ExchangeRunTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly TempFolder _place = new();
    private readonly ConcurrentQueue<string> _told = [];
    private readonly Channel<AgentMessage> _posted = Channel.CreateUnbounded<AgentMessage>();
    private readonly List<ExchangeRun> _runs = [];
    private readonly ExchangeLog _log;

    public ExchangeRunTests() => _log = new ExchangeLog(new ReportGate(report => _told.Enqueue(report is WarningReport warning ? warning.Message : "")), _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var run in _runs) await run.DisposeAsync();
        _log.Dispose();
        _place.Dispose();
    }

    [Fact]
    public async Task OnlyWhatIsCollectedIsNews()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var run = Begin("me");
        Assert.Same(own, run.Take(own));
        await NewsAsync();
        Assert.Null(run.TakeNews());
        Write("a", Peers.Exports("graph: g\nresources:\n  noop: [{name: \"@@n\"}]\n"));
        Write("me", Peers.Files("me", "/mine"));
        Write("a", Peers.Files("a", "/f"));
        await NewsAsync();
        Assert.Equal(["File[/f@a] /c/f content=of a"], Peers.Added(run.TakeNews()!, own));
        Assert.False(_posted.Reader.TryPeek(out _));
        _store.Meddle("mgmt/exports/a/noop", null);
        _store.Meddle("mgmt/exports/a/file", null);
        await NewsAsync();
        Assert.Same(own, run.TakeNews());
        Assert.False(_posted.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task NewsThatNobodyHasTakenYetAreToldOnce()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var run = Begin("me");
        run.Take(own);
        await NewsAsync();
        run.TakeNews();
        for (var i = 0; i < 10; i++) Write($"h{i}", Peers.Files($"h{i}", $"/f{i}"));
        await NewsAsync();
        for (var since = DateTime.UtcNow; Peers.Added(run.Take(own), own).Count() < 10; await Task.Yield()) Assert.True(DateTime.UtcNow - since < TimeSpan.FromSeconds(30));
        while (_posted.Reader.TryRead(out _)) Assert.Null(run.TakeNews());
    }

    [Fact]
    public async Task AStartWithoutTheStoreHasWhatWasCollectedBefore()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        Write("a", Peers.Files("a", "/f"));
        var run = Begin("me");
        run.Take(own);
        await NewsAsync();
        run.TakeNews();
        await run.DisposeAsync();
        _runs.Clear();
        _store.Fail("no leader");
        Assert.Equal(["File[/f@a] /c/f content=of a"], Peers.Added(Begin("me").Take(own), own));
    }

    [Fact]
    public async Task WhatIsTooMuchLeavesWhatWasExportedBefore()
    {
        var run = Begin("me");
        run.Take(Peers.Graph("graph: g\nresources:\n  file: [{name: \"@@/a\"}]\n"));
        Assert.Equal("grant 101", await _store.DoneAsync());
        Assert.Equal("put me/file, lease 101", await _store.DoneAsync());
        var many = Peers.Graph("graph: g\nresources:\n  noop:\n" + string.Concat(Enumerable.Range(0, 1001).Select(static i => $"  - {{name: \"@@{i}\"}}\n")));
        run.Take(many);
        run.Take(many);
        Assert.Equal(["cannot export 1001 resources: 1000 are the most of one host; export fewer; what was exported before stays"], _told.Where(static one => one.Length > 0));
        run.Take(Definition.Empty);
        Assert.Equal("delete me/file", await _store.DoneAsync());
    }

    [Fact]
    public async Task WithoutAStoreItIsSaidOnceAndUnderNoopNothingIsWritten()
    {
        var exporting = Peers.Graph("graph: g\nresources:\n  file: [{name: \"@@/a\", content: x}]\ncollect: [{kind: file, pattern: /c/}]\n");
        var alone = new ExchangeRun(new ExchangeOptions("me", _place.Path, TimeSpan.FromDays(7), Noop: false), Peers.Kinds, null, _time, _log, Post);
        _runs.Add(alone);
        Assert.Equal(["File[/a@me] /c/a content=x"], Peers.Added(alone.Take(exporting), exporting));
        alone.Take(exporting);
        Assert.StartsWith("cannot exchange resources with peers: this host has none", Assert.Single(_told), StringComparison.Ordinal);
        var noop = new ExchangeRun(new ExchangeOptions("me", _place.Path, TimeSpan.FromDays(7), Noop: true), Peers.Kinds, _store, _time, _log, Post);
        _runs.Add(noop);
        noop.Take(exporting);
        await NewsAsync();
        noop.TakeNews();
        Assert.True(_store.IsQuiet);
    }

    private ExchangeRun Begin(string host)
    {
        var run = new ExchangeRun(new ExchangeOptions(host, _place.Path, TimeSpan.FromDays(7), Noop: false), Peers.Kinds, _store, _time, _log, Post);
        _runs.Add(run);
        return run;
    }

    private void Post(AgentMessage message) => _posted.Writer.TryWrite(message);

    private void Write(string host, ExportSet set)
    {
        foreach (var (kind, bytes) in set.Sheets) _store.Meddle(new SheetKey(host, kind).ToString(), bytes);
    }

    private async Task NewsAsync() => Assert.IsType<AgentMessage.Collected>(await _posted.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
}
