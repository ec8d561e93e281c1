using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>A symbolic link. What it leads to need not be there.</summary>
internal sealed class SymbolicLink(FileWish wish, FileServices services) : FileResource(wish, services)
{
    private readonly FileName _target = new(wish.Symlink ?? "");

    private protected override async ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, CheckRequest request, CancellationToken cancel)
    {
        var seen = FileStatus.Look(Path.Full);
        if (Refuse(seen, FileType.Link) is { } error) return CheckResult.Failed(error);
        if (IsMade(seen, drift))
        {
            drift.Compare(seen!.Value, rights, Wish.Rights);
            if (drift.IsNone) return CheckResult.InOrder;
            if (!request.Apply) return drift.Would();
            using var held = HoldMount();
            rights.Set(Path.Full, seen.Value);
            return drift.Did();
        }

        using var mount = request.Apply ? HoldMount() : null;
        MakeParents(drift, request.Apply);
        drift.Step($"make a link to {_target}", $"made a link to {_target}");
        if (!request.Apply) return drift.Would();
        await Services.Writer.WriteLinkAsync(Path, _target, rights, Wish.Force);
        return drift.Did();
    }

    private bool IsMade(FileStatus? seen, Drift drift)
    {
        if (seen is not { } there) drift.Wrong("missing");
        else if (there.Type != FileType.Link) drift.Wrong($"{there.TypeWords} is there");
        else if (LinkText.Read(Path.Full) is { } target && target != _target) drift.Wrong($"leads to {target}, wanted {_target}");
        else return true;
        return false;
    }
}
