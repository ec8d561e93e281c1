using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>A directory: that it is there, its rights, what is copied into it, and what is purged from it.</summary>
internal sealed class FolderTree(FileWish wish, FileServices services) : FileResource(wish, services)
{
    private bool _isTreeTidy;

    private protected override FileWatch OpenWatch(IWatchSink sink) => new FolderTreeWatch(Services, Wish, sink);

    private protected override async ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, CheckRequest request, CancellationToken cancel)
    {
        using var mount = request.Apply ? HoldMount() : null;
        var seen = FileStatus.Look(Path.Full);
        if (Refuse(seen, FileType.Folder) is { } error) return CheckResult.Failed(error);
        if (seen is not { Type: FileType.Folder } there)
        {
            drift.Wrong(seen is null ? "missing" : $"{seen.Value.TypeWords} is there");
            MakeParents(drift, request.Apply);
            drift.Step("make the directory", "made the directory");
            if (request.Apply) await MakeAsync(rights);
        }
        else
        {
            drift.Compare(there, rights, Wish.Rights);
            if (request.Apply && !drift.IsNone) rights.Set(Path.Full, there);
        }

        var refused = await FillAsync(drift, rights, request.Apply, cancel);
        if (refused is not null) return CheckResult.Failed(refused);
        return drift.IsNone ? CheckResult.InOrder : request.Apply ? drift.Did() : drift.Would();
    }

    private async ValueTask MakeAsync(FileRights rights)
    {
        await Services.Writer.MakeFolderAsync(Path, rights, Wish.Force);
        EnsureArmed();
    }

    /// <summary>Copies and purges. The answer is an error, or null.</summary>
    private async ValueTask<string?> FillAsync(Drift drift, FileRights rights, bool apply, CancellationToken cancel)
    {
        if (Wish.Source is null && !Wish.Purge) return null;
        var kept = KeptPaths.Of(Path, Services.Managed.Paths);
        if (Wish.Source is { } source)
        {
            var copy = new TreeCopy(Services.Writer, new FilePath(source), Path, rights, Wish, kept) { Apply = apply, Tidy = apply && !_isTreeTidy };
            await copy.RunAsync(cancel);
            _isTreeTidy |= apply;
            copy.Changes.Report(drift, copy.Changes.Count == 1 ? "1 entry differs from the source" : $"{copy.Changes.Count} entries differ from the source", "copy", "copied");
        }

        if (!Wish.Purge) return null;
        var purge = new TreePurge(Services.Writer, Wish, kept) { Apply = apply };
        await purge.RunAsync();
        purge.Changes.Report(drift, purge.Changes.Count == 1 ? "1 entry is not managed" : $"{purge.Changes.Count} entries are not managed", "remove", "removed");
        return purge.Refused;
    }
}
