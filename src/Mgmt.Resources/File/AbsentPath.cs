using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>A path at which nothing shall be.</summary>
internal sealed class AbsentPath(FileWish wish, FileServices services) : FileResource(wish, services)
{
    /// <inheritdoc/>
    public override bool IsQuick => !Wish.IsFolder && !Wish.Force;

    private bool MayRemoveTree => Wish.Force || (Wish.IsFolder && Wish.Recurse);

    private protected override async ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, CheckRequest request, CancellationToken cancel)
    {
        if (FileStatus.Look(Path.Full) is not { } seen) return CheckResult.InOrder;
        if (Refuse(seen) is { } error) return CheckResult.Failed(error);
        drift.Wrong($"{seen.TypeWords} is there");
        drift.Step("remove it", "removed");
        if (!request.Apply) return drift.Would();
        using var mount = HoldMount();
        await Services.Writer.RemoveAsync(Path, MayRemoveTree);
        return drift.Did();
    }

    private string? Refuse(FileStatus seen)
    {
        if (seen.IsSpecial) return $"cannot remove {Path}: {seen.TypeWords} is there, which this kind leaves alone; remove it by hand";
        if (seen.Type != FileType.Folder)
            return Wish.IsFolder && !Wish.Force ? $"cannot remove the directory {Path}: {seen.TypeWords} is there; leave out the \"/\" at the end of its path, or set force: true" : null;
        if (!Wish.IsFolder && !Wish.Force) return $"cannot remove {Path}: a directory is there; end its path with \"/\", or set force: true";
        if (MayRemoveTree) return null;
        using var folder = Folder.Open(Path.Text);
        return folder.List().Count == 0 ? null : $"cannot remove the directory {Path}: it is not empty; set recurse: true to remove all that is in it";
    }
}
