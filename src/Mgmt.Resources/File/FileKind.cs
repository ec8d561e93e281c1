using Mgmt.Engine.Kinds;
using Mgmt.Engine;
using Mgmt.Linux.Accounts;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Resources.Mount;
using Mgmt.Resources.Svc;

namespace Mgmt.Resources.File;

/// <summary>Files, directories and symbolic links.</summary>
public sealed partial class FileKind : Kind, IEventSource
{
    private readonly FileServices _services;

    /// <summary>Takes what all files share; it belongs to the caller, who disposes it after the last resource.</summary>
    /// <param name="watcher">Watches the paths; opens its descriptor with the first.</param>
    /// <param name="writer">Writes the files.</param>
    public FileKind(PathWatcher watcher, FileWriter writer) =>
        _services = new FileServices(watcher, writer, new AccountNumbers(TimeProvider.System), new ManagedPaths(), new MountPoints());

    /// <inheritdoc/>
    public override string Name => "file";

    /// <inheritdoc/>
    public override string Summary => "A file, directory or symbolic link: its existence, content, mode, owner and group.";

    /// <summary>
    /// A file is its path, and comes after the nearest directory above it that is managed, or what is mounted there; a directory after what is mounted at it. An absent one is nothing that others could be in or run, and nothing is found by it.
    /// </summary>
    public override Ties Tie(ResourceSpec spec)
    {
        var path = FileWish.PathTextOf(spec.Address.Name, spec.Values);
        EdgeWish[] wishes = [new(PathText.Above(path).Select(Identity.Path))];
        if (path.EndsWith('/')) wishes = [.. wishes, new([MountTies.Point(path)])];
        if (spec.Values.Get(StateField) == Absent) return new Ties([], wishes);
        return new Ties([Identity.Path(path), .. PathText.Above(path).Take(1).Select(Identity.In), .. UnitFiles.Of(path)], wishes);
    }

    /// <inheritdoc/>
    public override string? Claim(ResourceSpec spec) => FileWish.PathTextOf(spec.Address.Name, spec.Values).TrimEnd('/');

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec)
    {
        var wish = FileWish.From(spec.Address.Name, spec.Values);
        var services = spec.Meta.AutoEdge ? _services : _services with { Mounts = MountPoints.None };
        return wish switch
        {
            { IsAbsent: true } => new AbsentPath(wish, services),
            { Symlink: not null } => new SymbolicLink(wish, services),
            { IsFolder: true } => new FolderTree(wish, services),
            _ => new RegularFile(wish, services),
        };
    }

    /// <summary>
    /// Tells which paths are managed from now on, so that purging leaves them alone, and what is mounted, so that nothing is written below it. Call it with the
    /// whole new definition before its resources are checked; directories that purge look again when it changes what they have to keep.
    /// </summary>
    public void Manage(IEnumerable<ResourceSpec> resources)
    {
        _services.Mounts.Set(resources
            .Where(static spec => spec is { Kind: MountKind, Meta: { AutoEdge: true, Noop: false } })
            .Select(static spec => MountWish.From(spec.Address.Name, spec.Values))
            .Where(static wish => wish.IsMounted)
            .Select(static wish => wish.Path));
        _services.Managed.Set(resources
            .Where(static spec => spec.Kind is FileKind && spec.Values.Get(StateField) != Absent)
            .Select(static spec => FileWish.PathOf(spec.Address.Name, spec.Values)));
    }

    /// <summary>The paths that a plan's files have watched, and of the directories that are looked through, one path in each.</summary>
    public static IEnumerable<FilePath> WatchedPaths(IEnumerable<ResourceSpec> resources) =>
        resources.Where(static spec => spec.Kind is FileKind).Select(static spec => FileWish.PathOf(spec.Address.Name, spec.Values));

    /// <inheritdoc/>
    public ValueTask DrainAsync(CancellationToken cancel) => _services.Watcher.DrainAsync(cancel);
}

/// <summary>What all file resources share.</summary>
internal sealed record FileServices(PathWatcher Watcher, FileWriter Writer, AccountNumbers Accounts, ManagedPaths Managed, MountPoints Mounts);
