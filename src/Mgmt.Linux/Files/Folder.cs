namespace Mgmt.Linux.Files;

/// <summary>An open directory. What is done through it happens in this very directory, whatever its path names by then.</summary>
public sealed class Folder : IDisposable
{
    private readonly OpenFile _handle;

    private Folder(OpenFile handle, string path)
    {
        _handle = handle;
        Path = path;
        Status = FileStatus.Of(handle, path);
    }

    /// <summary>The path by which it was opened, for messages.</summary>
    public string Path { get; }

    /// <summary>What it was when it was opened.</summary>
    public FileStatus Status { get; }

    internal OpenFile Handle => _handle;

    /// <summary>Opens a directory by its path; links on the way are followed.</summary>
    /// <exception cref="FileException">It is missing, no directory, or may not be read.</exception>
    public static Folder Open(string path) =>
        TryOpen(OpenFile.None, new FileName(path), path, follow: true, out var errno) ?? throw FileException.Of($"open the directory {path}", errno);

    /// <summary>Opens a directory in this one; a link is not followed.</summary>
    /// <exception cref="FileException">It is missing, no directory, or may not be read.</exception>
    public Folder OpenChild(FileName name)
    {
        var path = PathOf(name);
        return TryOpen(_handle, name, path, follow: false, out var errno) ?? throw FileException.Of($"open the directory {path}", errno);
    }

    /// <summary>What stands under a name in this directory, links not followed; null where nothing is.</summary>
    /// <exception cref="FileException">It cannot be looked at.</exception>
    public FileStatus? Look(FileName name) => FileStatus.Look(_handle, name, follow: false);

    /// <summary>The names in this directory, in the file system's order, without "." and "..".</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public IReadOnlyList<FileName> List()
    {
        var names = new List<FileName>();
        FolderReader.Read(this, names);
        return names;
    }

    /// <summary>The path of something in this directory, for messages.</summary>
    public string PathOf(FileName name) => Path.EndsWith('/') ? $"{Path}{name}" : $"{Path}/{name}";

    /// <summary>The path without links, as the mount table spells it.</summary>
    public string RealPath() => LinkText.Read(OpenFile.None, _handle.ProcPath(), out _) is { } real ? real.ToString() : Path;

    /// <summary>Removes what stands under a name, but no directory. Nothing there is fine.</summary>
    /// <exception cref="FileException">It cannot be removed.</exception>
    public void Unlink(FileName name)
    {
        var errno = FileNative.UnlinkAt(_handle, in name.Start, 0) == 0 ? 0 : Errno.Last;
        if (errno is not (0 or Errno.NoEntry)) throw FileException.Of($"remove {PathOf(name)}", errno);
    }

    /// <summary>Removes an empty directory. Nothing there is fine.</summary>
    /// <exception cref="FileException">It cannot be removed, or is not empty.</exception>
    public void RemoveFolder(FileName name)
    {
        var errno = FileNative.UnlinkAt(_handle, in name.Start, FileNative.AtRemoveFolder) == 0 ? 0 : Errno.Last;
        if (errno is not (0 or Errno.NoEntry)) throw FileException.Of($"remove the directory {PathOf(name)}", errno);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    internal static Folder? TryOpen(OpenFile from, FileName name, string path, bool follow, out int errno)
    {
        var flags = FileNative.ReadOnly | FileNative.Directory | (follow ? 0 : FileNative.NoFollow);
        var handle = OpenFile.Try(from, name, flags, out errno);
        if (errno == 0) return new Folder(handle, path);
        handle.Dispose();
        return null;
    }
}
