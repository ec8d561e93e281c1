using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using Mgmt.Agent.Exchange;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>The format in which resources travel. Other versions of the program read it: what stands in the golden file is never to change.</summary>
public sealed class SheetCodecTests
{
    private const string Graph = """
        graph: g
        resources:
          exec:
          - {name: "@@every type", cmd: "echo ü \"quoted\"", env: {B: "2", A: "1"}, meta: {limit: .inf, sema: ["a:2"], retry: -1, noop: true}}
          file:
          - {name: "@@any/ \t☃ name", path: /a/b, content: "text\n", mode: "0644"}
          - {name: "@@/plain"}
          timer:
          - {name: "@@clock", interval: 5}
        """;

    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.String[Gen.Char['a', 'z'], 1, 8], Peers.One("", "/", "@@", "\0", "\n", "\"", "\\", "☃", "\ud83d\ude00", "null", "\u2028"))
        .Where(static text => !text.Any(char.IsSurrogate) || text == "\ud83d\ude00");

    private static readonly FieldSet Fields = new(
        new Field<string>("text", FieldType.Text, "", ""), new Field<bool>("flag", FieldType.Boolean, "", false), new Field<long>("whole", FieldType.Integer, "", 0),
        new Field<double>("number", FieldType.Number, "", 0), new Field<TextList>("list", FieldType.List, "", TextList.Empty), new Field<TextMap>("map", FieldType.Map, "", TextMap.Empty));

    private static string Golden([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "golden", "sheets-1.txt");

    [Fact]
    public void TheBytesAreThoseOfTheGoldenFile()
    {
        var text = string.Concat(Peers.Exports(Graph).Sheets.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{new SheetKey("h", one.Key)}\n{Encoding.UTF8.GetString(one.Value)}\n"));
        if (!File.Exists(Golden()) && Environment.GetEnvironmentVariable("MGMT_WRITE_GOLDEN") == "1") File.WriteAllText(Golden(), text);
        Assert.Equal(File.ReadAllText(Golden()), text);
    }

    [Fact]
    public void TheGoldenFileMeansWhatWasExported()
    {
        var lines = File.ReadAllLines(Golden());
        var graph = Peers.Graph(Graph);
        for (var i = 0; i < lines.Length; i += 2)
        {
            Assert.True(SheetKey.TryParse(lines[i], out var key));
            var kind = Peers.Kinds.Single(one => one.Name == key.Kind);
            var (sheet, problem) = SheetCodec.Read(Encoding.UTF8.GetBytes(lines[i + 1]));
            Assert.Equal("", problem);
            var offers = SheetOffers.Of(sheet!, "h", kind, 1);
            Assert.Empty(offers.Complaints);
            var expected = graph.Exports.Where(one => one.Kind.Name == kind.Name).OrderBy(static one => one.Address.Name, StringComparer.Ordinal);
            Assert.Equal(expected.Select(static one => (one.Address, one.Values, one.Meta.Collected)), offers.Offers.Select(static one => (one.Address, one.Values, one.Meta)));
        }
    }

    [Fact]
    public void EveryValueArrivesAsItWas() => Gen.Select(Text, Gen.Bool, Gen.Long, Gen.Double[-1e18, 1e18], Text.Array[0, 4], Text.Array[0, 4]).Sample(
        (text, flag, whole, number, list, keys) =>
        {
            var written = new Dictionary<Field, object>
            {
                [Fields[0]] = text, [Fields[1]] = flag, [Fields[2]] = whole, [Fields[3]] = number, [Fields[4]] = new TextList(list),
                [Fields[5]] = new TextMap(keys.Distinct().Select(static key => KeyValuePair.Create(key, key + "v"))),
            };
            var values = new FieldValues(Fields, written);
            var sheet = new Sheet { Version = 1, Resources = [new SheetResource { Name = text, Fields = FieldJson.Write(values)! }] };
            var read = SheetCodec.Read(SheetCodec.Write(sheet)).Sheet!.Resources[0];
            Assert.Equal(text, read.Name);
            Assert.Equal(values, FieldJson.Read(Fields, read.Fields, out var problem));
            Assert.Equal("", problem);
        },
        iter: 2_000);

    [Fact]
    public void WhatALaterVersionAddedIsKept()
    {
        const string later = """{"version":1,"resources":[{"name":"/a","fields":{"content":"x","acl":{"a":[1,{"b":null}]}},"meta":{"hush":true},"expires":"soon"}],"signed":"by me"}""";
        var (sheet, problem) = SheetCodec.Read(Encoding.UTF8.GetBytes(later));
        Assert.Equal("", problem);
        using var expected = JsonDocument.Parse(later);
        using var actual = JsonDocument.Parse(SheetCodec.Write(sheet!));
        Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), Encoding.UTF8.GetString(SheetCodec.Write(sheet!)));
        Assert.Equal("x", Assert.Single(SheetOffers.Of(sheet!, "h", Peers.Kinds.Single(static one => one.Name == "file"), 1).Offers).Values.Written.Single().Value);
    }

    [Fact]
    public void HalfACharacterDoesNotTravel()
    {
        var half = new FieldValues(Fields, new Dictionary<Field, object> { [Fields[0]] = "a\ud800b" });
        var read = FieldJson.Read(Fields, FieldJson.Write(half), out _);
        Assert.Equal("a\ufffdb", read!.Written.Single().Value);
    }

    [Theory]
    [InlineData("mgmt/exports/h/file", "h", "file")]
    [InlineData("mgmt/exports/h.example-1_2/svc", "h.example-1_2", "svc")]
    [InlineData("mgmt/exports//file", null, null)]
    [InlineData("mgmt/exports/h/", null, null)]
    [InlineData("mgmt/exports/h", null, null)]
    [InlineData("mgmt/exports/h/file/x", null, null)]
    [InlineData("mgmt/exports/h\u001b/file", null, null)]
    [InlineData("mgmt/other/h/file", null, null)]
    public void KeysAreReadStrictly(string key, string? host, string? kind)
    {
        Assert.Equal(host is not null, SheetKey.TryParse(key, out var read));
        if (host is not null) Assert.Equal((host, kind, key), (read.Host, read.Kind, read.ToString()));
    }
}
