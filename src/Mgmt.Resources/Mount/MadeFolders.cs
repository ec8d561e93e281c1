using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Mount;

/// <summary>Remembers which directories were made to mount at, so that only those are removed; in the agent's state directory, once that is known.</summary>
internal sealed class MadeFolders
{
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);
    private volatile string? _folder;

    /// <summary>Keeps it in a directory from now on.</summary>
    internal void KeepIn(string folder) => _folder = folder;

    /// <summary>To be called before the directory is made: one that is made and then forgotten would stay for ever.</summary>
    internal void Note(string path)
    {
        _made[path] = true;
        if (_folder is not { } folder) return;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DurableFile.Write(NoteOf(folder, path), Encoding.UTF8.GetBytes(path + "\n"));
    }

    internal bool Has(string path) => _made.ContainsKey(path) || (_folder is { } folder && System.IO.File.Exists(NoteOf(folder, path)));

    internal void Forget(string path)
    {
        _made.TryRemove(path, out _);
        if (_folder is { } folder) System.IO.File.Delete(NoteOf(folder, path));
    }

    private static string NoteOf(string folder, string path) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16)));
}
