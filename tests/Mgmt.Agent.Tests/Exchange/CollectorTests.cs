using CsCheck;
using Mgmt.Agent.Exchange;
using Mgmt.Engine;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>What a host takes, from whom, and who gets what several would have.</summary>
public sealed class CollectorTests
{
    private readonly List<string> _told = [];

    private Collector New(Remembered? memory = null) => new("me", Peers.Kinds, memory ?? Remembered.Nothing, _told.Add);

    [Fact]
    public void OwnExportsNeedNoMesh()
    {
        var own = Peers.Graph("graph: g\nresources:\n  file: [{name: \"@@a\", path: /x/a, content: mine}, {name: b, path: /c/b}]\ncollect: [{kind: file, pattern: /c/}]\n");
        Assert.Equal(["File[a@me] /c/a content=mine"], Peers.Added(New().Take(own, null), own));
        Assert.Empty(_told);
    }

    [Fact]
    public void WithoutAnEntryNothingIsAddedAndNothingIsNews()
    {
        var own = Peers.Graph("graph: g\nresources:\n  noop: [{name: a}]\n");
        var collector = New();
        Assert.Same(own, collector.Take(own, null));
        Assert.Null(collector.Take(Peers.Sheets(("a", 1, Peers.Files("a", "/f")))));
    }

    [Fact]
    public void NamesMayBeAnythingAndAreKeptApartByExporter()
    {
        const string names = "graph: g\nresources:\n  noop: [{name: \"@@a/b ☃\\n@c\"}]\n";
        var own = Peers.Graph("graph: g\ncollect: [{kind: noop}]\n");
        var whole = New().Take(own, Peers.Sheets(("a", 1, Peers.Exports(names)), ("b", 2, Peers.Exports(names))));
        Assert.Equal(["a/b ☃\n@c@a", "a/b ☃\n@c@b"], whole.Resources.Select(static one => one.Address.Name));
    }

    [Fact]
    public void FromNamesWho()
    {
        var sheets = Peers.Sheets(("a", 1, Peers.Files("a", "/fa")), ("b", 2, Peers.Files("b", "/fb")), ("c", 3, Peers.Files("c", "/fc")));
        var own = Peers.Graph("graph: g\ncollect: [{kind: file, pattern: /1/, from: b}, {kind: file, pattern: /2/, from: [a, c]}, {kind: file, pattern: /2/, from: [c]}, {kind: file, pattern: /3/, from: [c]}]\n");
        Assert.Equal(
            ["File[/fa@a] /2/fa content=of a", "File[/fb@b] /1/fb content=of b", "File[/fc@c] /2/fc content=of c", "File[/fc@c in /3/] /3/fc content=of c"],
            Peers.Added(New().Take(own, sheets), own));
    }

    [Fact]
    public void WhatRunsIsOnlyTakenWhereThatIsAccepted()
    {
        var sheets = Peers.Sheets(("a", 1, Peers.Exports("graph: g\nresources:\n  exec: [{name: \"@@x\", cmd: /bin/true}]\n  pkg: [{name: \"@@vim\", state: installed}]\n  svc: [{name: \"@@cron\", state: running}]\n")));
        var own = Peers.Graph("graph: g\ncollect: [{kind: exec, accept: [exec]}, {kind: pkg, accept: [exec]}, {kind: svc, accept: [exec]}]\n");
        Assert.Equal(["Exec[x@a]", "Pkg[vim]", "Svc[cron]"], New().Take(own, sheets).Resources.Select(static one => one.Address.ToString()));
        var refusing = own with { Collects = [.. own.Collects.Select(static one => one with { MayRun = false })] };
        Assert.Empty(New().Take(refusing, sheets).Resources);
    }

    [Fact]
    public void OfTheMetaFieldsOnlyTheHarmlessOnesTravel()
    {
        var sheets = Peers.Sheets(("a", 1, Peers.Exports("graph: g\nresources:\n  noop: [{name: \"@@x\", meta: {sema: [\"s:1\"], retry: -1, poll: 1, noop: true, autoedge: false}}]\n")));
        var meta = New().Take(Peers.Graph("graph: g\ncollect: [{kind: noop}]\n"), sheets).Resources.Single().Meta;
        Assert.Equal((true, false, 0L, TimeSpan.Zero, 0), (meta.Noop, meta.AutoEdge, meta.Retry, meta.Poll, meta.Semaphores.Count));
    }

    [Fact]
    public void TheFirstOfTwoStaysAndTheOtherIsNamed()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var collector = New();
        collector.Take(own, Peers.Sheets(("b", 7, Peers.Files("b", "/x/motd"))));
        Assert.Null(collector.Take(Peers.Sheets(("a", 3, Peers.Files("a", "/motd")), ("b", 7, Peers.Files("b", "/x/motd")))));
        Assert.Equal(["cannot collect File[/motd] of a as /c/motd: File[/x/motd] of b is collected as that, and stays; rename one of the two, or name in from whom to collect from"], _told);
        var after = collector.Take(Peers.Sheets(("a", 3, Peers.Files("a", "/motd"))));
        Assert.Equal(["File[/motd@a] /c/motd content=of a"], Peers.Added(after!, own));
    }

    [Fact]
    public void WhoWasFirstIsRememberedAndElseTheOlderKeyIs()
    {
        var both = Peers.Sheets(("a", 9, Peers.Files("a", "/motd")), ("b", 7, Peers.Files("b", "/motd")));
        var own = Peers.Graph(Peers.CollectFiles);
        Assert.Equal(["File[/motd@b] /c/motd content=of b"], Peers.Added(New().Take(own, both), own));
        var collector = New();
        collector.Take(own, Peers.Sheets(("a", 9, Peers.Files("a", "/motd"))));
        collector.Take(both);
        using var place = new TempFolder();
        var path = Remembered.PathIn(place.Path);
        collector.Memory.Write(path);
        Assert.Equal(["File[/motd@a] /c/motd content=of a"], Peers.Added(New(Remembered.Read(path, _told.Add)).Take(own, null), own));
        Assert.Equal(["File[/motd@a] /c/motd content=of a"], Peers.Added(New(Remembered.Read(path, _told.Add)).Take(own, both), own));
    }

    [Fact]
    public void TheOwnGraphHasItsWay()
    {
        var own = Peers.Graph("graph: g\nresources:\n  file: [{name: here, path: /c/f}]\n  pkg: [{name: vim, state: installed}, {name: emacs, state: newest}]\ncollect: [{kind: file, pattern: /c/}, {kind: pkg, accept: [exec]}]\n");
        var theirs = Peers.Exports("graph: g\nresources:\n  file: [{name: \"@@f\", path: /f}]\n  pkg: [{name: \"@@vim\", state: installed}, {name: \"@@emacs\", state: installed}]\n");
        Assert.Same(own, New().Take(own, Peers.Sheets(("a", 1, theirs))));
        Assert.Equal(
            [
                "cannot collect File[f] of a as /c/f: File[here] of this host's own graph is that, and stays; rename one of the two, or name in from whom to collect from",
                "cannot collect Pkg[emacs] of a as emacs: Pkg[emacs] of this host's own graph is that, and stays; rename one of the two, or name in from whom to collect from",
            ],
            _told);
    }

    [Fact]
    public void TwoThatAskForOnePackageInTheSameWordsAgree()
    {
        var vim = Peers.Exports("graph: g\nresources:\n  pkg: [{name: \"@@vim\", state: installed}]\n");
        var whole = New().Take(Peers.Graph("graph: g\ncollect: [{kind: pkg, accept: [exec]}]\n"), Peers.Sheets(("a", 1, vim), ("b", 2, vim)));
        Assert.Equal("Pkg[vim]", Assert.Single(whole.Resources).Address.ToString());
        Assert.Empty(_told);
    }

    [Fact]
    public void WhatIsTakenBackVanishesAndWhatBecameUnreadableStays()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var collector = New();
        collector.Take(own, Peers.Sheets(("a", 1, Peers.Files("a", "/f", "/g")), ("b", 2, Peers.Files("b", "/h"))));
        var later = new Dictionary<SheetKey, StoredSheet>(Peers.Sheets(("a", 1, Peers.Files("a", "/g")))) { [new("b", "file")] = Peers.Stored("""{"version":7}""", 2) };
        Assert.Equal(["File[/g@a] /c/g content=of a", "File[/h@b] /c/h content=of b"], Peers.Added(collector.Take(later)!, own));
        Assert.Contains("what it exported before stays", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(Peers.Files("b", "/h").Sheets["file"], collector.Memory.Sheets[new("b", "file")].Bytes.ToArray());
    }

    [Fact]
    public void WhatIsDamagedOnTheDiskIsAsGoodAsNothing()
    {
        using var place = new TempFolder();
        foreach (var text in new[] { "", "{", "[]", """{"version":9}""", """{"version":1,"sheets":[{"host":"a"}]}""", """{"version":1,"sheets":[{"host":"a","kind":"file","since":1,"bytes":"?"}]}""" })
        {
            File.WriteAllText(Remembered.PathIn(place.Path), text);
            Assert.Empty(Remembered.Read(Remembered.PathIn(place.Path), _told.Add).Sheets);
        }

        Assert.Equal(6, _told.Count);
    }

    /// <summary>No place is taken twice, who had something keeps it while it exports it, and the outcome does not hang on the order in which news came.</summary>
    [Fact]
    public void WhoeverComesAndGoesNobodyIsOusted()
    {
        var hosts = new[] { "a", "b", "c", "me" };
        var state = Gen.Select(Peers.One(hosts), Peers.One("/x/f", "/y/f", "/x/g", "/z/h").Array[0, 3]);
        state.Array[1, 12].Sample(
            steps =>
            {
                var own = Peers.Graph("graph: g\nresources:\n  file: [{name: mine, path: /c/h}]\ncollect: [{kind: file, pattern: /c/}]\n");
                var collector = new Collector("me", Peers.Kinds, Remembered.Nothing, static _ => { });
                var whole = collector.Take(own, null);
                var sheets = new Dictionary<SheetKey, StoredSheet>();
                var since = 0L;
                foreach (var (host, paths) in steps)
                {
                    var before = Holders(whole);
                    if (paths.Length == 0) sheets.Remove(new(host, "file"));
                    else sheets[new(host, "file")] = new StoredSheet(Peers.Files(host, [.. paths.Distinct()]).Sheets["file"], sheets.TryGetValue(new(host, "file"), out var old) ? old.Since : ++since);
                    whole = collector.Take(new Dictionary<SheetKey, StoredSheet>(sheets)) ?? whole;
                    var now = Holders(whole);
                    var offered = sheets.Where(static one => one.Key.Host != "me").SelectMany(one => SheetCodec.Read(one.Value.Bytes.Span).Sheet!.Resources.Select(file => $"{file.Name}@{one.Key.Host}")).ToHashSet();
                    Assert.All(before.Where(one => offered.Contains(one.Value)), one => Assert.Equal(one.Value, now[one.Key]));
                    Assert.All(now, one => Assert.Contains(one.Value, offered));
                    Assert.Equal(offered.Select(static one => $"/c/{one.Split('@')[0][^1]}").Where(static one => one != "/c/h").Distinct().Order(), now.Keys.Order());
                }
            },
            iter: 1_000);

        static Dictionary<string, string> Holders(Definition whole) => whole.Resources.Skip(1).ToDictionary(static one => one.Kind.Claim(one)!, static one => one.Address.Name);
    }
}
