using System.Text;
using CsCheck;
using Mgmt.Agent.Exchange;
using Mgmt.Engine;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>What a peer may send that no agent of ours writes: nothing of it is taken, the rest is, and it is said once.</summary>
public sealed class HostileSheetTests
{
    private readonly List<string> _told = [];

    public static TheoryData<string, string> Files => new()
    {
        { """{"name":"x","fields":{"path":"/etc/.."}}""", "\"..\" in it" },
        { """{"name":"x","fields":{"path":"/etc/."}}""", "\".\" in it" },
        { """{"name":"x","fields":{"path":"/a/../b"}}""", "\"..\" in it" },
        { """{"name":"x","fields":{"path":"relative"}}""", "not an absolute path" },
        { """{"name":"x","fields":{"path":"/"}}""", "directory" },
        { """{"name":"x","fields":{"path":"/a/"}}""", "directory" },
        { """{"name":"x","fields":{"path":"/a","basename":"b/c"}}""", "not one name" },
        { """{"name":"x","fields":{"path":"/a","basename":".."}}""", "no name of its own" },
        { """{"name":"x","fields":{"path":"/a","basename":"b/"}}""", "directory" },
        { """{"name":"x","fields":{"path":"/a\u0000b"}}""", "NUL" },
        { """{"name":"x","fields":{"path":"/a\u001b[2J"}}""", "control character" },
        { """{"name":"x","fields":{"path":"/.a.mgmt-new"}}""", "being written" },
        { """{"name":"x","fields":{"path":"/a","source":"/etc/shadow"}}""", "cannot export source" },
        { """{"name":"x","fields":{"path":"/a","symlink":"/etc/shadow"}}""", "cannot export symlink" },
        { """{"name":"x","fields":{"path":"/a","mode":"4755"}}""", "setuid" },
        { """{"name":"x","fields":{"path":"/a","mode":"02755"}}""", "setgid" },
        { """{"name":"x","fields":{"path":"/a","mode":"1777"}}""", "sticky" },
        { """{"name":"x","fields":{"path":"/a","mode":"rwx"}}""", "octal" },
        { """{"name":"x","fields":{"path":"/a","force":true}}""", "cannot export force" },
        { """{"name":"x","fields":{"path":"/a/","purge":true,"recurse":true}}""", "cannot export recurse" },
        { """{"name":"x","fields":{"path":"/a","state":"gone"}}""", "none of exists, absent" },
        { """{"name":"x","fields":{"path":5}}""", "another type" },
        { """{"name":"x","fields":{"path":["/a"]}}""", "another type" },
        { """{"name":"x","fields":{"path":"/a","content":"\ud800"}}""", "no text" },
        { """{"name":"x","fields":{"path":"/a"},"meta":{"noop":"yes"}}""", "cannot use noop" },
        { """{"name":"x","fields":{"path":"/a"},"meta":{"sema":["a:b:c"]}}""", "cannot use sema" },
        { """{"name":"","fields":{"path":"/a"}}""", "its name is empty" },
        { """{"name":"a\u0000","fields":{"path":"/a"}}""", "NUL" },
        { """{"name":"/good"}""", "two of that name" },
        { "{\"name\":\"x\",\"fields\":{\"path\":\"/" + new string('n', 256) + "\"}}", "longer than 255 bytes" },
        { "{\"name\":\"" + new string('n', 4097) + "\",\"fields\":{\"path\":\"/a\"}}", "longer than 4096 characters" },
    };

    public static TheoryData<string, string> Wholes => new()
    {
        { "", "no sheet" },
        { "null", "it is empty" },
        { "[]", "no sheet" },
        { "{", "no sheet" },
        { "{}", "no version" },
        { """{"version":1}{}""", "no sheet" },
        { """{"version":"1","resources":[]}""", "no sheet" },
        { """{"version":2,"resources":[]}""", "version 2, and this program reads version 1; upgrade mgmt" },
        { """{"version":-1,"resources":[]}""", "no version" },
        { """{"version":99999999999,"resources":[]}""", "no sheet" },
        { """{"version":1,"version":1,"resources":[]}""", "no sheet" },
        { """{"version":1,"resources":null}""", "no sheet" },
        { """{"version":1,"resources":[null]}""", "a resource in it is null" },
        { """{"version":1,"resources":[{"name":null}]}""", "no sheet" },
        { """{"version":1,"resources":[{"name":"\ud800"}]}""", "no sheet" },
        { """{"version":1,"resources":[{"name":"a","fields":null}]}""", "no sheet" },
        { """{"version":1,"resources":[{"name":"a","fields":{"path":"/a","path":"/b"}}]}""", "no sheet" },
        { "{\"version\":1,\"resources\":" + new string('[', 100_000), "no sheet" },
        { "{\"version\":1,\"resources\":[" + string.Join(',', Enumerable.Repeat("{}", 1001)) + "]}", "1001 resources, and 1000 are the most" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void AResourceThatIsWrongIsLeftOutAlone(string resource, string why)
    {
        var sheet = $$$"""{"version":1,"resources":[{"name":"/good","fields":{"content":"x"}},{{{resource}}}]}""";
        Assert.Equal(["File[/good@evil] /c/good content=x"], Collect(new() { [new("evil", "file")] = Peers.Stored(sheet) }));
        Assert.Contains(why, Assert.Single(_told), StringComparison.Ordinal);
        Assert.StartsWith("cannot collect File[", _told[0], StringComparison.Ordinal);
        Assert.True(_told[0].Length < 600, _told[0]);
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void ASheetThatCannotBeReadSpoilsNoOther(string sheet, string why)
    {
        var good = Peers.Sheets(("good", 1, Peers.Files("good", "/g")));
        Assert.Equal(["File[/g@good] /c/g content=of good"], Collect(new(good) { [new("evil", "file")] = Peers.Stored(sheet) }));
        Assert.Contains(why, Assert.Single(_told), StringComparison.Ordinal);
        Assert.StartsWith("cannot read what evil exports of the kind file: ", _told[0], StringComparison.Ordinal);
    }

    [Fact]
    public void AHostThatSendsTooMuchIsLeftOut()
    {
        var big = Peers.Stored($$$"""{"version":1,"resources":[{"name":"/a","fields":{"content":"{{{new string('x', 600_000)}}}"}}]}""");
        Assert.Empty(Collect(new() { [new("evil", "file")] = big, [new("evil", "noop")] = big }));
        Assert.Contains("it exports 1200", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void AKindThatIsNotKnownIsSaidOnceAndSkipped()
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var collector = new Collector("me", Peers.Kinds, Remembered.Nothing, _told.Add);
        collector.Take(own, null);
        collector.Take(new Dictionary<SheetKey, StoredSheet> { [new("a", "quantum")] = Peers.Stored("?") });
        collector.Take(new Dictionary<SheetKey, StoredSheet> { [new("a", "quantum")] = Peers.Stored("?"), [new("b", "quantum")] = Peers.Stored("!") });
        Assert.Equal(["cannot collect resources of the kind quantum: this version of mgmt does not know it"], _told);
    }

    /// <summary>Whatever the bytes are, nothing is thrown, and what is taken is a file right in the directory.</summary>
    [Fact]
    public void NoBytesDoHarm()
    {
        var seed = Peers.Exports("graph: g\nresources:\n  file:\n  - {name: \"@@/a/b\", content: x, mode: \"0644\", basename: c, meta: {noop: true, sema: [a]}}\n").Sheets["file"];
        var change = Gen.Select(Gen.Int[0, seed.Length], Gen.Int[0, 12], Gen.OneOf(Gen.Byte.Array[0, 4], Peers.One("\"", "{", "]", "..", "/", "\\u0000", "\\ud800", "null", "1e999", ",", "\"path\":\"/x/\",").Select(Encoding.UTF8.GetBytes)));
        change.Array[1, 4].Sample(
            changes =>
            {
                var bytes = changes.Aggregate(seed, static (before, one) => [.. before[..Math.Min(one.Item1, before.Length)], .. one.Item3, .. before[Math.Min(one.Item1 + one.Item2, before.Length)..]]);
                var own = Peers.Graph(Peers.CollectFiles);
                var whole = new Collector("me", Peers.Kinds, Remembered.Nothing, static _ => { }).Take(own, new Dictionary<SheetKey, StoredSheet> { [new("evil", "file")] = new(bytes, 1) });
                foreach (var one in whole.Resources)
                {
                    var path = one.Kind.Claim(one)!;
                    Assert.True(Path.GetDirectoryName(path) == "/c" && Path.GetFullPath(path) == path && !path.Any(char.IsControl), path);
                    Assert.DoesNotContain(one.Values.Written, static field => field.Key.Name is "source" or "symlink" or "force" or "recurse" or "purge");
                }
            },
            iter: 5_000);
    }

    private IEnumerable<string> Collect(Dictionary<SheetKey, StoredSheet> sheets)
    {
        var own = Peers.Graph(Peers.CollectFiles);
        var collector = new Collector("me", Peers.Kinds, Remembered.Nothing, _told.Add);
        var whole = collector.Take(own, sheets);
        Assert.Null(collector.Take(sheets));
        return Peers.Added(whole, own);
    }
}
