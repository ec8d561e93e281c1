using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>
/// Loads graph files. Several files together are one graph: their resources, edges and collections add up, <c>graph:</c> is required in one of
/// them, and where several give it they must agree. A loader remembers the files of its last load, and does not read those again whose text is
/// the same; of those with a few changes it reads the changed items alone. For one caller at a time.
/// </summary>
/// <param name="kinds">The kinds that files may use; their names differ in more than case.</param>
public sealed class GraphLoader(IReadOnlyList<Kind> kinds)
{
    private readonly KindCatalog _kinds = new(kinds);
    private Dictionary<string, ParsedFile> _last = [];
    private LinkedFiles? _linked;

    /// <summary>How many items of lists the last load had to read.</summary>
    internal int ItemsRead { get; private set; }

    /// <summary>Loads what <see cref="GraphFiles"/> finds under the paths. What cannot be read is reported beside the mistakes in the rest.</summary>
    /// <param name="paths">Files, and directories whose <c>*.yaml</c> files are meant.</param>
    public LoadResult LoadFiles(IReadOnlyList<string> paths)
    {
        var read = GraphFiles.Read(paths);
        return Load(read.Sources, read.Diagnostics);
    }

    /// <summary>Loads sources that are already read. Never throws for what they hold.</summary>
    /// <param name="sources">The files of one graph, at most 64 MiB together.</param>
    public LoadResult Load(IReadOnlyList<GraphSource> sources)
    {
        if (sources.Count == 0) return Failed("cannot load a graph: no file was given", "name at least one file");
        if (sources.Sum(source => (long)source.Content.Length) > Limits.Bytes)
            return Failed($"cannot load a graph of more than {Limits.Bytes >> 20} MiB", "split it into several graphs");
        return Load(sources, []);
    }

    private static LoadResult Failed(string message, string advice) =>
        new(null, [new Diagnostic(Severity.Error, default(Place) with { File = "" }, message, advice, null)], 0);

    private LoadResult Load(IReadOnlyList<GraphSource> sources, IReadOnlyList<Diagnostic> unread)
    {
        ItemsRead = 0;
        var files = new ParsedFile[sources.Count];
        for (var i = 0; i < files.Length; i++) files[i] = Parse(sources[i]);
        Remember(files);
        if (unread.Count == 0 && _linked?.Exchange(files) is { } relinked)
        {
            _linked = relinked;
            return new LoadResult(relinked.Definition, [], 0);
        }

        return Link(files, unread);
    }

    private LoadResult Link(ParsedFile[] files, IReadOnlyList<Diagnostic> unread)
    {
        var linker = new Linker(files);
        var definition = linker.Link(isWhole: unread.Count == 0 && files.All(file => file.IsReadable));
        var all = new List<Diagnostic>(unread);
        var count = unread.Count;
        for (var i = 0; i < files.Length; i++)
        {
            count += files[i].Mistakes + linker.Problems[i].Count;
            all.AddRange(files[i].Diagnostics.Concat(linker.Problems[i].ToDiagnostics()).OrderBy(one => (one.Place.Line, one.Place.Column)));
        }

        if (all.Count > Limits.Mistakes) all.RemoveRange(Limits.Mistakes, all.Count - Limits.Mistakes);
        if (count > 0) return new LoadResult(null, all, count - all.Count);
        _linked = new LinkedFiles(files, definition);
        return new LoadResult(definition, all, 0);
    }

    private ParsedFile Parse(GraphSource source)
    {
        var problems = new Problems(source.Name);
        var text = SourceText.Decode(source.Content.Span, problems);
        var last = text is null ? null : _last.GetValueOrDefault(source.Name);
        if (last is not null && last.Text == text) return last;
        var file = (last is null ? null : Rereader.Read(last, text!, _kinds)) ?? FileReader.Read(text, problems, _kinds);
        ItemsRead += file.ItemsRead;
        return file;
    }

    // Of the last load alone: what is no longer part of the graph is forgotten.
    private void Remember(ParsedFile[] files)
    {
        var next = new Dictionary<string, ParsedFile>(files.Length, StringComparer.Ordinal);
        foreach (var file in files) next[file.Name] = file;
        _last = next;
    }
}
