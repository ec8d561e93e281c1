using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>What a file, a directory, a link and an absent path have in common: the watch, the leftovers, the errors.</summary>
internal abstract class FileResource(FileWish wish, FileServices services) : IResource
{
    private FileWatch? _watch;
    private bool _isTidy;

    /// <inheritdoc/>
    public virtual bool IsQuick => false;

    private protected FileWish Wish => wish;

    private protected bool IsWatched => _watch is not null;

    private protected FilePath Path => wish.Path;

    private protected FileServices Services => services;

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        try
        {
            _watch = OpenWatch(sink);
            return new(_watch);
        }
        catch (FileException fault)
        {
            throw new ResourceException(fault.Message, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        try
        {
            EnsureArmed();
            if (request.Apply && !_isTidy)
            {
                Leftover.Remove(Path);
                _isTidy = true;
            }

            var rights = wish.Rights.Resolve(services.Accounts, out var unknown);
            if (unknown is not null && request.Apply) return CheckResult.Failed(unknown.Error(Path));
            var drift = new Drift();
            if (unknown is not null) drift.Wrong(unknown.Words);
            return await CheckAsync(drift, rights, request, cancel);
        }
        catch (FileException fault)
        {
            return CheckResult.Failed(fault.Message);
        }
    }

    private protected virtual FileWatch OpenWatch(IWatchSink sink) => new(services.Watcher, Path, wish.Source, sink);

    private protected void EnsureArmed() => _watch?.EnsureArmed();

    private protected abstract ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, CheckRequest request, CancellationToken cancel);

    /// <summary>To be called before anything is changed, and disposed after it: what is to be mounted above it is, and stays.</summary>
    private protected IDisposable? HoldMount() => services.Mounts.Hold(Path, wish.IsFolder);

    /// <summary>Adds the missing parents to the words; makes them when it may.</summary>
    private protected void MakeParents(Drift drift, bool apply)
    {
        var count = apply ? FolderMaker.MakeMissing(Path.Folder) : FolderMaker.CountMissing(Path.Folder);
        if (count == 0) return;
        drift.Step($"make {Drift.Parents(count)}", $"made {Drift.Parents(count)}");
        if (apply) EnsureArmed();
    }

    /// <summary>What is there and must not be touched, as an error; null where the way is free.</summary>
    private protected string? Refuse(FileStatus? seen, FileType wanted) => seen switch
    {
        { IsSpecial: true } special => $"cannot manage {Path}: {special.TypeWords} is there, which this kind leaves alone; remove it by hand, or choose another path",
        { Type: FileType.Folder } when wanted != FileType.Folder && !wish.Force =>
            $"cannot make {Path}: a directory is there; set force: true to have it removed, with all that is in it, or end the path with \"/\"",
        { Type: FileType.Regular or FileType.Link } other when wanted == FileType.Folder && !wish.Force =>
            $"cannot make the directory {Path}: {other.TypeWords} is there; set force: true to have it removed",
        _ => null,
    };
}
