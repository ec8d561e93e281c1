using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>A regular file with given content, a copied one, or only one that is there.</summary>
internal sealed class RegularFile(FileWish wish, FileServices services) : FileResource(wish, services)
{
    private const int QuickBytes = 64 * 1024;

    private readonly LiteralContent? _literal = wish.Content is { } bytes ? new LiteralContent(bytes) : null;
    private readonly VerifiedContent _verified = new();

    /// <inheritdoc/>
    public override bool IsQuick => Wish is { Source: null, Force: false } && (_literal is null || _literal.Length <= QuickBytes);

    private protected override FileWatch OpenWatch(IWatchSink sink) => new(Services.Watcher, Path, Wish.Source, sink, closed: () => Services.Writer.DropSpare(Path));

    private protected override async ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, CheckRequest request, CancellationToken cancel)
    {
        var seen = FileStatus.Look(Path.Full);
        if (Refuse(seen, FileType.Regular) is { } error) return CheckResult.Failed(error);
        using var source = Wish.Source is { } from ? SourceContent.Open(new FilePath(from)) : null;
        var content = source ?? (FileContent?)_literal;
        if (!IsWritten(seen, content, drift))
        {
            using var mount = request.Apply ? HoldMount() : null;
            MakeParents(drift, request.Apply);
            var length = content?.Length ?? 0;
            drift.Step($"write {Drift.Bytes(length)}", $"wrote {Drift.Bytes(length)}");
            if (!request.Apply) return drift.Would();
            await Services.Writer.WriteAsync(Path, content ?? LiteralContent.Empty, rights, Wish.Force, cancel);
            // What drifts once drifts again; what is only made for the first time need not.
            KeepSpare(rights, isLikely: request.Has(CheckReasons.Watch));
            return drift.Did();
        }

        drift.Compare(seen!.Value, rights, Wish.Rights);
        if (drift.IsNone)
        {
            if (request.Apply) KeepSpare(rights, isLikely: false);
            return CheckResult.InOrder;
        }

        if (!request.Apply) return drift.Would();
        using var held = HoldMount();
        rights.Set(Path.Full, seen.Value);
        return drift.Did();
    }

    /// <summary>Only for what is watched: a file that is checked once and let go needs none.</summary>
    private void KeepSpare(FileRights rights, bool isLikely)
    {
        if (IsQuick && IsWatched && _literal is { } content) Services.Writer.KeepSpare(Path, content, rights, isLikely);
    }

    private bool IsWritten(FileStatus? seen, FileContent? content, Drift drift)
    {
        if (seen is not { } there) drift.Wrong("missing");
        else if (there.Type != FileType.Regular) drift.Wrong($"{there.TypeWords} is there");
        else if (content is null || _verified.IsAt(content, Path, there)) return true;
        else drift.Wrong($"content differs ({there.Size} -> {Drift.Bytes(content.Length)})");
        return false;
    }
}
