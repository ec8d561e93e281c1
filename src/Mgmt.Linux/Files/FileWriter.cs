namespace Mgmt.Linux.Files;

/// <summary>
/// Writes files so that whoever reads one sees the old or the new content and never a mix, and nothing is left behind: the new file is
/// made without a name, filled, given its rights, flushed, and only then put under its name; then its directory is flushed.
/// </summary>
public sealed partial class FileWriter : IDisposable
{
    /// <summary>Files in flight, each with two descriptors; more wait.</summary>
    private const int MostInFlight = 256;

    private const int DefaultMode = 0x1a4; // 0644
    private readonly SemaphoreSlim _slots = new(MostInFlight);
    private readonly bool _mayBeUnnamed;

    /// <summary>Writes with this process's own flusher.</summary>
    /// <param name="mostSpares">How many files may have a finished copy kept for them; 0 is none.</param>
    public FileWriter(int mostSpares = 64)
        : this(new Flusher(), mayBeUnnamed: true, mostSpares)
    {
    }

    internal FileWriter(Flusher flusher, bool mayBeUnnamed = true, int mostSpares = 0)
    {
        Flusher = flusher;
        _mayBeUnnamed = mayBeUnnamed;
        _shelf = new SpareShelf(mostSpares);
    }

    internal Flusher Flusher { get; }

    /// <summary>Puts a regular file at a path. It keeps mode, owner and group of the regular file that it replaces where none are wanted.</summary>
    /// <param name="path">Where.</param>
    /// <param name="content">What it shall hold.</param>
    /// <param name="rights">Mode (0644 where nothing says otherwise), owner, group.</param>
    /// <param name="force">Whether a directory may be removed, with all that is in it, to make room.</param>
    /// <param name="cancel">Ends the wait for a turn.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="FileException">It cannot be written: what was there is still there, and nothing else.</exception>
    public async ValueTask<long> WriteAsync(FilePath path, FileContent content, FileRights rights, bool force, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            using var folder = Folder.Open(path.Folder);
            var old = folder.Look(path.Name);
            if (old is { IsSpecial: true } special)
                throw new FileException($"cannot write {path.Text}: {special.TypeWords} is there, which a file never replaces; remove it by hand");
            var kept = old is { Type: FileType.Regular } ? old : null;
            for (var i = 0; i < Attempts; i++)
            {
                if (!await TryWriteAsync(folder, path, content, rights, kept, isFree: old is null, force)) continue;
                await FlushAsync(folder);
                return content.Length;
            }

            throw new FileException($"cannot write {path}: another process is writing it too; stop that one", Errno.Exists);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shelf.Dispose();
        _slots.Dispose();
    }

    private async ValueTask<bool> TryWriteAsync(Folder folder, FilePath path, FileContent content, FileRights rights, FileStatus? kept, bool isFree, bool force)
    {
        using (var spare = TakeSpare(path, content, rights, kept, folder))
        {
            if (spare is not null) return spare.TryPublish(folder, isFree, force);
        }

        using var file = NewFile.Create(folder, path, _mayBeUnnamed);
        await FinishAsync(file, path, content, rights, kept);
        return file.TryPublish(folder, isFree, force);
    }

    private async ValueTask FinishAsync(NewFile file, FilePath path, FileContent content, FileRights rights, FileStatus? kept)
    {
        content.CopyTo(file.Handle, path.Text);
        rights.SetNew(file.Handle, kept, DefaultMode, path.Text);
        await Flusher.FlushAsync(file.Handle, file.Identity, path.Text);
    }

    /// <summary>Brings a directory's names to the disk.</summary>
    /// <exception cref="FileException">The disk did not take it.</exception>
    public ValueTask FlushAsync(Folder folder) => Flusher.FlushAsync(folder.Handle, folder.Status.Identity, folder.Path);
}
