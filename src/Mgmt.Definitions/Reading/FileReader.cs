using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Reads one file: text, tree, then each of its parts by the kinds' fields.</summary>
internal sealed class FileReader
{
    private static readonly string[] Keys = ["graph", "comment", "resources", "edges", "collect"];
    private static readonly Owner File = new("a graph file", null, IsResource: false);

    private static readonly Owner Resources = new("resources", null, IsResource: false);

    private readonly KindCatalog _kinds;
    private readonly PartReader _part;
    private readonly FileContent _content = new();
    private bool _givesGraph;
    private GraphName? _graph;

    private FileReader(KindCatalog kinds, Problems problems)
    {
        _kinds = kinds;
        _part = new PartReader(problems);
    }

    /// <summary>Reads the text, which <see cref="SourceText"/> decoded; null when it could not, which is reported already.</summary>
    public static ParsedFile Read(string? text, Problems problems, KindCatalog kinds)
    {
        var tree = text is null ? default : TreeReader.Read(text, problems);
        return Rereader.Remember(Read(text, tree, problems, kinds), tree);
    }

    /// <summary>Reads the tree, which was made of the text.</summary>
    public static ParsedFile Read(string? text, in Tree tree, Problems problems, KindCatalog kinds)
    {
        var reader = new FileReader(kinds, problems);
        var isReadable = tree.Root is not null && reader.ReadRoot(tree.Root);
        return new ParsedFile(
            problems.File, text, isReadable, reader._givesGraph, reader._graph, reader._content, problems.ToDiagnostics(), problems.Count, reader._content.Count);
    }

    private bool ReadRoot(Node root)
    {
        if (root is ScalarNode { IsNull: true }) return true;
        if (_part.Map(root, File, "begin with a line such as graph: mygraph") is not { } map) return false;
        foreach (var (key, value) in map.Entries)
        {
            switch (key.Value)
            {
                case "graph": ReadGraph(map, value); break;
                case "comment": ReadComment(value); break;
                case "resources": ReadResources(value); break;
                case "edges": ReadEdges(value); break;
                case "collect": ReadCollects(value); break;
                default: _part.ReportUnknownKey(key, File, Keys); break;
            }
        }

        return true;
    }

    private void ReadGraph(MappingNode map, Node value)
    {
        _givesGraph = true;
        if (_part.Name(map, "graph", File) is { } name) _graph = new GraphName(name, _part.Problems.PlaceOf(value));
    }

    private void ReadComment(Node value)
    {
        if (value is not ScalarNode { IsNull: true }) _part.Values.Text(value, "comment", File);
    }

    private void ReadResources(Node value)
    {
        if (value is ScalarNode { IsNull: true }) return;
        if (_part.Map(value, Resources, "write each kind as a key, such as file:, with a list of resources under it") is not { } map) return;
        var reader = new ResourceReader(_kinds, _part, _content);
        foreach (var (key, list) in map.Entries)
        {
            if (_kinds.TryFind(key.Value, out var kind)) ReadKind(reader, kind, list);
            else _kinds.ReportUnknown(key, _part.Problems);
        }
    }

    private void ReadKind(ResourceReader reader, Kind kind, Node list)
    {
        foreach (var item in _part.Items(list, new Owner("kind", kind.Name, IsResource: false, "the resources"))) reader.Read(kind, item);
    }

    private void ReadEdges(Node value)
    {
        var reader = new EdgeReader(_kinds, _part, _content);
        foreach (var item in _part.Items(value, new Owner("edges", null, IsResource: false))) reader.Read(item);
    }

    private void ReadCollects(Node value)
    {
        var reader = new CollectReader(_kinds, _part, _content);
        foreach (var item in _part.Items(value, new Owner("collect", null, IsResource: false))) reader.Read(item);
    }
}
