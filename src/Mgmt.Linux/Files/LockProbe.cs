namespace Mgmt.Linux.Files;

/// <summary>Tells whether another process holds a lock (fcntl(2), F_SETLK) on a file, without taking it.</summary>
public static class LockProbe
{
    /// <summary>The process that holds a lock; 0 when it is one that this process cannot see; null when nobody does, or the file may not be opened.</summary>
    public static int? HolderOf(FileName path)
    {
        using var file = FileReader.Open(path, out var errno);
        if (errno != 0) return null;
        var found = new FileLock { Type = FileLock.Write };
        if (FileNative.FControlAsk(file, FileNative.GetLock, ref found) != 0 || found.Type == FileLock.None) return null;
        return Math.Max(0, found.Process);
    }
}
