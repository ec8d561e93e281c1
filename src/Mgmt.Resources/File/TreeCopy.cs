using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>
/// Makes a directory hold what another one holds: directories, files with their permission bits, and links as links. What other resources
/// manage in it is left to them.
/// </summary>
internal sealed class TreeCopy(FileWriter writer, FilePath source, FilePath target, FileRights rights, FileWish wish, KeptPaths kept)
{
    private const int PermissionBits = 0x1ff;
    private readonly Stack<string> _ways = new();

    internal required bool Apply { get; init; }

    /// <summary>Whether to look for what a killed run left.</summary>
    internal required bool Tidy { get; init; }

    internal EntryList Changes { get; } = new();

    internal async ValueTask RunAsync(CancellationToken cancel)
    {
        _ways.Push("");
        while (_ways.TryPop(out var way))
        {
            using var folder = Folder.Open(way.Length == 0 ? source.Text : $"{source}/{way}");
            foreach (var name in folder.List())
            {
                cancel.ThrowIfCancellationRequested();
                if (!name.IsText) throw new FileException($"cannot copy {folder.PathOf(name)}: its name is not UTF-8; rename it");
                var relative = way.Length == 0 ? name.ToString() : $"{way}/{name}";
                if (kept.IsKept(relative) || folder.Look(name) is not { } original) continue;
                await CopyAsync(relative, original, cancel);
            }
        }
    }

    private async ValueTask CopyAsync(string relative, FileStatus original, CancellationToken cancel)
    {
        var from = new FilePath($"{source}/{relative}");
        var to = new FilePath($"{target}/{relative}");
        if (original.IsSpecial) throw new FileException($"cannot copy {from}: it is {original.TypeWords}; remove it from the source");
        if (Tidy) Leftover.Remove(to);
        var seen = FileStatus.Look(to.Full);
        if (seen is { IsSpecial: true } special) throw new FileException($"cannot copy {from} to {to}: {special.TypeWords} is there; remove it by hand");
        if (seen is { } other && (other.Type == FileType.Folder) != (original.Type == FileType.Folder) && !wish.Force)
            throw new FileException($"cannot copy {from} to {to}: {other.TypeWords} is there; set force: true to have it removed");
        var wanted = rights with { Mode = original.Mode & PermissionBits };
        switch (original.Type)
        {
            case FileType.Folder:
                await CopyFolderAsync(relative, to, seen, wanted);
                break;
            case FileType.Link:
                await CopyLinkAsync(relative, from, to, seen, wanted);
                break;
            default:
                await CopyFileAsync(relative, from, to, seen, wanted, cancel);
                break;
        }
    }

    private async ValueTask CopyFolderAsync(string relative, FilePath to, FileStatus? seen, FileRights wanted)
    {
        _ways.Push(relative);
        if (seen is { Type: FileType.Folder } there)
        {
            SetRights(relative, to, there, wanted);
            return;
        }

        Changes.Add(relative);
        if (Apply) await writer.MakeFolderAsync(to, wanted, wish.Force);
    }

    private async ValueTask CopyLinkAsync(string relative, FilePath from, FilePath to, FileStatus? seen, FileRights wanted)
    {
        if (LinkText.Read(from.Full) is not { } leads) return;
        if (seen is { Type: FileType.Link } there && LinkText.Read(to.Full) == leads)
        {
            SetRights(relative, to, there, wanted with { Mode = null });
            return;
        }

        Changes.Add(relative);
        if (Apply) await writer.WriteLinkAsync(to, leads, wanted, wish.Force);
    }

    private async ValueTask CopyFileAsync(string relative, FilePath from, FilePath to, FileStatus? seen, FileRights wanted, CancellationToken cancel)
    {
        using var content = SourceContent.Open(from);
        if (seen is { Type: FileType.Regular } there && content.IsAt(to.Full, there))
        {
            SetRights(relative, to, there, wanted);
            return;
        }

        Changes.Add(relative);
        if (Apply) await writer.WriteAsync(to, content, wanted, wish.Force, cancel);
    }

    private void SetRights(string relative, FilePath to, FileStatus seen, FileRights wanted)
    {
        var isRight = (wanted.Mode ?? seen.Mode) == seen.Mode && (wanted.Uid ?? seen.Uid) == seen.Uid && (wanted.Gid ?? seen.Gid) == seen.Gid;
        if (isRight) return;
        Changes.Add(relative);
        if (Apply) wanted.Set(to.Full, seen);
    }
}
