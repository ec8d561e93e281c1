namespace Mgmt.Definitions;

/// <summary>
/// Reads a new version of a file by the items that changed and their neighbours; it takes the others over from the last version. It answers only when the whole
/// text, read from its beginning, would have given the same; with any doubt, and any mistake, it leaves the file to the ordinary reader.
/// </summary>
internal static class Rereader
{
    /// <summary>What an ordinary reading found, with an outline when its text is of the kind that can be read by parts.</summary>
    public static ParsedFile Remember(ParsedFile file, in Tree tree)
    {
        if (file.Text is null || file.Mistakes > 0 || tree.UsesAnchors) return file;
        return OutlineScanner.Scan(file.Text) is { } outline && outline.Fits(tree.Root, leftOut: null) ? file with { Outline = outline } : file;
    }

    /// <summary>The file with its new text; null when it has to be read as a whole.</summary>
    public static ParsedFile? Read(ParsedFile last, string text, KindCatalog kinds)
    {
        if (last.Outline is not { } before || OutlineScanner.Scan(text, before, last.Text!) is not { } outline) return null;
        var abridged = new Abridgment(text, outline, before, ChunkMatch.Find(before, last.Text!, outline, text));
        if (abridged.Runs.Count == 0) return null;
        var problems = new Problems(last.Name);
        var tree = TreeReader.Read(abridged.Text, problems, abridged);
        if (problems.Count > 0 || tree.UsesAnchors || !outline.Fits(tree.Root, abridged.LeftOut)) return null;
        var read = FileReader.Read(text, tree, problems, kinds);
        return problems.Count > 0 ? null : read with { Content = Weaver.Weave(read.Content, last.Content, abridged.Runs), Outline = outline };
    }
}
