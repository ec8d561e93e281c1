namespace Mgmt.Acceptance.Tests;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class Workplace : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public string Root { get; } = Directory.CreateTempSubdirectory("mgmt-test-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Puts a new version in place of a file, as an editor does: all at once.</summary>
    public void Replace(string name, string text)
    {
        File.WriteAllText(this[name + ".new"], text);
        File.Move(this[name + ".new"], this[name], overwrite: true);
    }

    /// <summary>Waits until the file holds the text.</summary>
    public async Task FileAsync(string name, string text)
    {
        using var watcher = new FileSystemWatcher(Root) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.DirectoryName };
        using var changed = new SemaphoreSlim(0);
        watcher.Changed += (_, _) => changed.Release();
        watcher.Created += (_, _) => changed.Release();
        watcher.Renamed += (_, _) => changed.Release();
        watcher.Deleted += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
        for (var since = DateTime.UtcNow; ; await changed.WaitAsync(TimeSpan.FromMilliseconds(200)))
        {
            if (TextOf(name) == text) return;
            if (DateTime.UtcNow - since > Deadline) throw new TimeoutException($"{name} holds {TextOf(name) ?? "nothing"} after {Deadline.TotalSeconds} s");
        }
    }

    /// <summary>Every entry with what a change of it would change.</summary>
    public string Snapshot() => string.Join('\n', Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetUnixFileMode(path)} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? TextOf(path) : "")}"));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string? TextOf(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Root, name));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
