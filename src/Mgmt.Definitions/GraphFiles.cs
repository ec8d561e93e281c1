using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>What could be read, and what could not.</summary>
/// <param name="Sources">The files, in the order of the paths; those of a directory in the ordinal order of their names.</param>
/// <param name="Diagnostics">What could not be read.</param>
public sealed record ReadResult(IReadOnlyList<GraphSource> Sources, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads graph files from disk, within bounds: at most 64 MiB together, and nothing that could block, such as a pipe.</summary>
public static class GraphFiles
{
    /// <summary>Reads files, and of directories the files named <c>*.yaml</c> that are not hidden; not those of directories within.</summary>
    /// <param name="paths">Paths as the user gave them; messages name them so.</param>
    public static ReadResult Read(IReadOnlyList<string> paths)
    {
        var sources = new List<GraphSource>();
        var diagnostics = new List<Diagnostic>();
        long left = Limits.Bytes;
        foreach (var path in paths)
        {
            foreach (var file in Expand(path, diagnostics))
            {
                if (sources.Count == Limits.Files)
                {
                    Report(diagnostics, path, $"cannot read {Wording.Cut(file, 200)}: a graph has at most {Limits.Files} files", "put several into one");
                    return new ReadResult(sources, diagnostics);
                }

                if (ReadFile(file, left, diagnostics) is not { } source) continue;
                left -= source.Content.Length;
                sources.Add(source);
            }
        }

        return new ReadResult(sources, diagnostics);
    }

    private static List<string> Expand(string path, List<Diagnostic> diagnostics)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            var files = new List<string>();
            foreach (var file in Directory.EnumerateFiles(path, "*.yaml"))
            {
                // Hidden ones are what editors leave behind.
                if (!Path.GetFileName(file.AsSpan()).StartsWith('.')) files.Add(file);
                if (files.Count > Limits.Files) break;
            }

            files.Sort(StringComparer.Ordinal);
            if (files.Count == 0) Report(diagnostics, path, $"cannot load the directory {Wording.Cut(path, 200)}: it holds no file named *.yaml", "name a file, or add one that ends in .yaml");
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Report(diagnostics, path, $"cannot list the directory {Wording.Cut(path, 200)}: {Wording.Cut(error.Message, 200)}", "check its permissions");
            return [];
        }
    }

    private static GraphSource? ReadFile(string path, long left, List<Diagnostic> diagnostics)
    {
        try
        {
            // Pipes and devices (but not links to them) have no length, and opening one may block for ever. An empty file would hold no graph either.
            var length = (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;
            if (length == 0) return Refuse("it is empty, or not a regular file", "write graph: and a name into it, or name another file");
            if (length > left) return RefuseSize();
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var content = GC.AllocateUninitializedArray<byte>((int)length + 1);
            var read = 0;
            while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is var count and > 0) read += count;
            return read > length ? Refuse("it is being written", "try again") : new GraphSource(path, content.AsMemory(0, read));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse("there is no such file", "check the path");
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse("permission denied", "let this user read it");
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            return Refuse(Wording.Cut(error.Message, 200), "check the path and the disk");
        }

        GraphSource? RefuseSize() => Refuse($"all files together are larger than {Limits.Bytes >> 20} MiB", "split the graph");

        GraphSource? Refuse(string why, string advice)
        {
            Report(diagnostics, path, $"cannot read {Wording.Cut(path, 200)}: {why}", advice);
            return null;
        }
    }

    private static void Report(List<Diagnostic> diagnostics, string path, string message, string advice) =>
        diagnostics.Add(new Diagnostic(Severity.Error, new Place(path, 1, 1), message, advice, null));
}
