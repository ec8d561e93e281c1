using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Linux.Files;

/// <content>Copies made in advance.</content>
public sealed partial class FileWriter
{
    private readonly SpareShelf _shelf;
    private FileIdentity? _root;

    /// <summary>
    /// Has a finished copy of a small file made in the background, so that the file can be restored without waiting for the disk. Only on the
    /// root file system: anywhere else an open descriptor would keep people from unmounting it.
    /// </summary>
    /// <param name="path">The file; the same object that <see cref="WriteAsync"/> will be given.</param>
    /// <param name="content">Its content; the same object, too.</param>
    /// <param name="rights">Its rights.</param>
    /// <param name="isLikely">Whether it was just repaired, and so is likelier to need it than others.</param>
    public void KeepSpare(FilePath path, LiteralContent content, FileRights rights, bool isLikely)
    {
        if (!_mayBeUnnamed || !_shelf.TryReserve(path, isLikely)) return;
        var order = (Writer: this, Path: path, Content: content, Rights: rights);
        ThreadPool.UnsafeQueueUserWorkItem(static it => _ = it.Writer.MakeSpareAsync(it.Path, it.Content, it.Rights), order, preferLocal: false);
    }

    /// <summary>Gives up the copy of a file that is managed no more.</summary>
    public void DropSpare(FilePath path) => _shelf.Drop(path);

    internal bool HasSpare(FilePath path) => _shelf.Has(path);

    private NewFile? TakeSpare(FilePath path, FileContent content, FileRights rights, FileStatus? kept, Folder folder)
    {
        if (_shelf.Take(path) is not { } spare) return null;
        if (spare.Fits(content, rights, kept, DefaultMode) && spare.Status.Identity.Device == folder.Status.Identity.Device) return spare.File;
        spare.File.Dispose();
        return null;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The shelf owns it.")]
    private async Task MakeSpareAsync(FilePath path, LiteralContent content, FileRights rights)
    {
        Spare? spare = null;
        NewFile? file = null;
        try
        {
            _root ??= FileStatus.Look(new FileName("/"))?.Identity;
            using var folder = Folder.Open(path.Folder);
            if (folder.Status.Identity.Device != _root?.Device) return;
            file = NewFile.Create(folder, path, mayBeUnnamed: true, mayBeNamed: false);
            await FinishAsync(file, path, content, rights, folder.Look(path.Name) is { Type: FileType.Regular } kept ? kept : null);
            spare = new Spare(file, content, FileStatus.Of(file.Handle, path.Text));
        }
        catch (FileException)
        {
            // Without a copy the repair takes a little longer; what is wrong here is told when a file is written.
            file?.Dispose();
        }
        finally
        {
            _shelf.Put(path, spare);
        }
    }
}
