using System.Text;
using CsCheck;
using Mgmt.Agent.Exchange;
using Mgmt.Definitions;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>Graphs and sheets of hosts that exchange, with the real kinds: making those opens nothing.</summary>
internal static class Peers
{
    public static IReadOnlyList<Kind> Kinds { get; } = new Host(TimeProvider.System).Kinds;

    /// <summary>Collects files into /c/.</summary>
    public const string CollectFiles = "graph: g\ncollect: [{kind: file, pattern: /c/}]\n";

    /// <summary>One of a few values.</summary>
    public static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static Definition Graph(string yaml)
    {
        var result = new GraphLoader(Kinds).Load([GraphSource.FromText("g.yaml", yaml)]);
        Assert.True(result.Definition is not null, DiagnosticWriter.ToText(result));
        return result.Definition;
    }

    /// <summary>What a host would store that exports this.</summary>
    public static ExportSet Exports(string yaml)
    {
        var set = ExportSet.Of(Graph(yaml).Exports, out var problem);
        Assert.True(set is not null, problem);
        return set;
    }

    /// <summary>A sheet of files, each of a name and a path, holding its exporter's name.</summary>
    public static ExportSet Files(string host, params string[] paths) =>
        Exports("graph: g\nresources:\n  file:\n" + string.Concat(paths.Select(path => $"  - {{name: \"@@{path}\", content: \"of {host}\"}}\n")));

    public static StoredSheet Stored(string json, long since = 1) => new(Encoding.UTF8.GetBytes(json), since);

    /// <summary>What the store holds of several hosts.</summary>
    public static Dictionary<SheetKey, StoredSheet> Sheets(params (string Host, long Since, ExportSet Set)[] hosts) =>
        hosts.SelectMany(host => host.Set.Sheets.Select(one => KeyValuePair.Create(new SheetKey(host.Host, one.Key), new StoredSheet(one.Value, host.Since)))).ToDictionary();

    /// <summary>The resources that were added, as a person reads them.</summary>
    public static IEnumerable<string> Added(Definition whole, Definition own) =>
        whole.Resources.Skip(own.Resources.Count).Select(one => $"{one.Address} {one.Kind.Claim(one)} {string.Join(' ', one.Values.Written.Where(field => field.Key.Name != "path").Select(field => $"{field.Key.Name}={field.Value}"))}".TrimEnd());
}
