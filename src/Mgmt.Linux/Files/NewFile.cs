namespace Mgmt.Linux.Files;

/// <summary>A regular file in the making. Until it is published nobody sees it under the name that it is meant for.</summary>
internal sealed class NewFile : IDisposable
{
    private const int Attempts = 16;
    private const uint PrivateMode = 0x180; // 0600

    private readonly FilePath _path;
    private Folder _folder;
    private bool _hasTemporaryName;

    private NewFile(Folder folder, FilePath path, OpenFile handle, bool hasTemporaryName)
    {
        _folder = folder;
        _path = path;
        _hasTemporaryName = hasTemporaryName;
        Handle = handle;
        Identity = FileStatus.Of(handle, path.Text).Identity;
    }

    internal OpenFile Handle { get; }

    internal FileIdentity Identity { get; }

    /// <summary>Makes an empty file, without a name where the file system can, so that a kill leaves nothing.</summary>
    internal static NewFile Create(Folder folder, FilePath path, bool mayBeUnnamed, bool mayBeNamed = true)
    {
        if (mayBeUnnamed)
        {
            var unnamed = OpenFile.Try(folder.Handle, new FileName("."), FileNative.Unnamed | FileNative.WriteOnly, out var errno, PrivateMode);
            if (errno == 0) return new NewFile(folder, path, unnamed, hasTemporaryName: false);
            unnamed.Dispose();
            if (!mayBeNamed || errno is not (Errno.NotSupported or Errno.IsFolder or Errno.Invalid)) throw FileException.Of($"make a new file in {folder.Path}", errno);
        }

        return new NewFile(folder, path, CreateNamed(folder, path), hasTemporaryName: true);
    }

    /// <summary>
    /// Puts the file under its name, in place of what is there. False when another writer of the same target took the temporary name for a
    /// leftover, or moved this file into place itself: the kernel gives such a file no other name, so it takes a new one.
    /// </summary>
    internal bool TryPublish(Folder folder, bool isFree, bool force)
    {
        _folder = folder;
        if (!_hasTemporaryName)
        {
            if (isFree && TryLink(_path.Name)) return true;
            for (var i = 0; !TryLink(_path.Temporary); i++)
            {
                if (i == Attempts) return false;
                Leftover.Remove(_folder, _path.Temporary);
            }

            _hasTemporaryName = true;
        }

        if (!Replace.TryMove(_folder, _path, force)) return false;
        _hasTemporaryName = false;
        return true;
    }

    public void Dispose()
    {
        // A failure between the two names: the temporary one must not stay. Errors were told by what failed before.
        if (_hasTemporaryName) _ = FileNative.UnlinkAt(_folder.Handle, in _path.Temporary.Start, 0);
        Handle.Dispose();
    }

    /// <summary>
    /// The lock tells a file that is being written from one that a killed run left: who makes it holds it, and who finds it unheld may remove it.
    /// </summary>
    private static OpenFile CreateNamed(Folder folder, FilePath path)
    {
        var flags = FileNative.WriteOnly | FileNative.Create | FileNative.Exclusive | FileNative.NoFollow;
        for (var i = 0; i < Attempts; i++)
        {
            var file = OpenFile.Try(folder.Handle, path.Temporary, flags, out var errno, PrivateMode);
            if (errno == 0 && Leftover.TryHold(folder, path.Temporary, file)) return file;
            file.Dispose();
            if (errno == Errno.Exists) Leftover.Remove(folder, path.Temporary);
            else if (errno != 0) throw FileException.Of($"make {folder.PathOf(path.Temporary)}", errno);
        }

        throw new FileException($"cannot write {path}: another process is writing it too; stop that one", Errno.Exists);
    }

    private bool TryLink(FileName name)
    {
        var made = FileNative.LinkAt(OpenFile.None, in Handle.ProcPath().Start, _folder.Handle, in name.Start, FileNative.AtFollow) == 0;
        return made || Errno.Last == Errno.Exists ? made : throw FileException.Of($"write {_path}", Errno.Last);
    }
}
