using System.Diagnostics.CodeAnalysis;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Resources.Mount;

/// <summary>One directory with a file system, or without.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner disposes the watch that it was given.")]
internal sealed class MountResource(MountWish wish, MountServices services) : IResource
{
    // Whatever lies over each other at one directory.
    private const int MostLayers = 64;

    private readonly MountCommands _commands = new(wish, services);
    private MountEvents? _events;

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        try
        {
            return new(_events = new MountEvents(services, wish, sink));
        }
        catch (FileException error)
        {
            throw new ResourceException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        var result = await TryAsync(request, cancel);
        if (result.Outcome == Outcome.Failed) _events?.Rest();
        else _events?.Recover();
        return result;
    }

    private async Task<CheckResult> TryAsync(CheckRequest request, CancellationToken cancel)
    {
        try
        {
            _events?.EnsureArmed();
            var table = MountInfo.Read();
            var point = PointOf(table);
            if (_events is { } events && events.Point != point) services.Board.Move(events, point, table);
            if (SystemFolders.Holds(point)) return CheckResult.Failed($"cannot mount anything at {wish.Path}: it leads to {(point.Length == 0 ? "/" : point)}, where the system itself lives; name another directory");
            var top = table.LastOrDefault(one => one.Point == point);
            return wish.IsMounted ? await MountAsync(top, point, request.Apply, cancel) : await UnmountAsync(top, point, request.Apply, cancel);
        }
        catch (Exception error) when (error is FileException or IOException or UnauthorizedAccessException)
        {
            return CheckResult.Failed(error.Message.StartsWith("cannot", StringComparison.Ordinal) ? error.Message : $"cannot keep the mount at {wish.Path}: {error.Message}");
        }
    }

    /// <summary>The path as the table spells it. One that is in the table is not opened: a server that is gone would have it wait.</summary>
    private string PointOf(IReadOnlyList<MountEntry> table)
    {
        if (table.Any(one => one.Point == wish.Path) || FileStatus.Look(new FileName(wish.Path), follow: true) is not { Type: FileType.Folder }) return wish.Path;
        using var folder = Folder.Open(wish.Path);
        return folder.RealPath();
    }

    private async Task<CheckResult> MountAsync(MountEntry? top, string point, bool apply, CancellationToken cancel)
    {
        if (top is null) return await MountNewAsync(point, apply, cancel);
        if (!MountSource.IsMeant(wish, top)) return CheckResult.Failed($"cannot mount {wish.Device} at {wish.Path}: {Words(top)} is mounted there; unmount it by hand, or choose another path");
        var differing = MountOptions.Differing(wish.Options, top);
        if (differing.Count == 0) return CheckResult.InOrder;
        var wrong = $"mounted with {string.Join(", ", differing)}";
        if (!apply) return CheckResult.WouldChange(wrong, "would mount it again with its options");
        if (await _commands.RemountAsync(top, cancel) is { } error) return error;
        return Judge(point) ?? CheckResult.Changed(wrong, "mounted again with its options");
    }

    private async Task<CheckResult> MountNewAsync(string point, bool apply, CancellationToken cancel)
    {
        var there = FileStatus.Look(new FileName(point), follow: true);
        if (there is { Type: not FileType.Folder } && !wish.IsBind) return CheckResult.Failed($"cannot mount {wish.Device} at {wish.Path}: {there.Value.TypeWords} is there; remove it, or choose another path");
        if (!apply) return CheckResult.WouldChange("not mounted", there is null ? $"would make the directory and mount {wish.Device}" : $"would mount {wish.Device}");
        if (MissingDevice() is { } missing) return missing;
        if (there is null) MakeFolder(point);
        if (await _commands.MountAsync(point, cancel) is { } error)
        {
            RemoveFolder(point);
            return error;
        }

        return Judge(point) ?? CheckResult.Changed("not mounted", $"{(there is null ? "made the directory, " : "")}mounted {Words(wish.Device, MountInfo.Read().LastOrDefault(one => one.Point == point)?.Type ?? wish.Type)}");
    }

    // Said before a directory is made for nothing.
    private CheckResult? MissingDevice() => MountSource.PathOf(wish.Device) is { } path && FileStatus.Look(new FileName(path), follow: true) is null
        ? CheckResult.Failed($"cannot mount {wish.Device} at {wish.Path}: there is no {path}; it is mounted when that appears")
        : null;

    /// <summary>What the kernel shows otherwise after it was mounted so: to mount it again and again would be of no use.</summary>
    private CheckResult? Judge(string point)
    {
        if (MountInfo.Read().LastOrDefault(one => one.Point == point) is not { } now) return null;
        var differing = MountOptions.Differing(wish.Options, now);
        return differing.Count == 0 ? null : CheckResult.Failed($"cannot mount {wish.Device} at {wish.Path} with its options: the kernel shows {string.Join(", ", differing)}; correct options, or see dmesg");
    }

    private async Task<CheckResult> UnmountAsync(MountEntry? top, string point, bool apply, CancellationToken cancel)
    {
        if (top is null) return RemoveFolder(point, apply) ?? CheckResult.InOrder;
        if (!MountSource.IsMeant(wish, top)) return CheckResult.Failed($"cannot unmount {wish.Path}: {Words(top)} is mounted there, not {wish.Device}; unmount it by hand, or leave device out");
        if (!apply) return CheckResult.WouldChange($"{Words(top)} is mounted", "would unmount it");
        for (var layers = 0; layers < MostLayers && MountInfo.Read().LastOrDefault(one => one.Point == point) is { } layer && MountSource.IsMeant(wish, layer); layers++)
        {
            if (await MountCommands.UnmountAsync(point, services.Spawner, services.Time, cancel) is { } error) return error;
        }

        var removed = RemoveFolder(point, apply) is not null;
        return CheckResult.Changed($"{Words(top)} is mounted", removed ? "unmounted, removed the directory" : "unmounted");
    }

    private void MakeFolder(string point)
    {
        services.Made.Note(point);
        FolderMaker.MakeMissing(point);
    }

    /// <summary>Removes a directory that was made for the mount, if nothing is in it; null when there is nothing to do.</summary>
    private CheckResult? RemoveFolder(string point, bool apply = true)
    {
        if (!services.Made.Has(point)) return null;
        var isThere = FileStatus.Look(new FileName(point)) is { Type: FileType.Folder };
        if (isThere && Directory.EnumerateFileSystemEntries(point).Any()) return null;
        if (isThere && !apply) return CheckResult.WouldChange("the directory that was made for it is there", "would remove it");
        if (isThere) Directory.Delete(point);
        services.Made.Forget(point);
        return isThere ? CheckResult.Changed("the directory that was made for it is there", "removed it") : null;
    }

    private static string Words(MountEntry entry) => Words(entry.Source, entry.Type);

    private static string Words(string device, string type) => device == type ? type : $"{device} ({type})";
}
