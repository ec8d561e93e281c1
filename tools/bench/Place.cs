namespace Mgmt.Bench;

/// <summary>A directory of one benchmark, and the programs that it measures.</summary>
internal sealed class Place : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("mgmt-bench-").FullName;

    public static string Mgmt { get; } = Environment.GetEnvironmentVariable("MGMT_BINARY") is { Length: > 0 } binary
        ? binary
        : throw new InvalidOperationException("cannot measure: MGMT_BINARY does not name the program; start tools/bench/run");

    public string this[string name] => Path.Combine(Root, name);

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);

        // CFEngine refuses a policy that others may write.
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return this[name];
    }

    /// <summary>Starts mgmt on a graph and waits until its log says that all is converged.</summary>
    public int StartConverged(string graph, string flags = "")
    {
        var log = this["log"];
        File.Delete(log);
        var id = ChildProcess.Start($"sh -c 'exec \"{Mgmt}\" run --file \"{graph}\" --tmp-prefix {flags} >\"{log}\" 2>&1'");
        while (!File.Exists(log) || !Read(log).Contains("converged", StringComparison.Ordinal)) Thread.Yield();
        return id;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
