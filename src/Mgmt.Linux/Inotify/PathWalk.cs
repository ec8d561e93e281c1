using System.Diagnostics.CodeAnalysis;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// One walk from the root to a directory, as the kernel does it, with every directory and every link on the way kept open, so that each can be
/// watched as the very inode that it was. A walk ends at the directory, or at the deepest place from which the next step is missing.
/// </summary>
internal sealed class PathWalk : IDisposable
{
    private const int MostLinks = 40;
    private readonly List<PathStep> _steps = [];
    private readonly Stack<FileName> _rest = new();
    private int _links;
    private int _here;

    private PathWalk(string path) => Push(new FileName(path));

    /// <summary>What was passed, in order.</summary>
    internal IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>The name that is missing in the deepest directory; null when the walk arrived.</summary>
    internal FileName? Missing { get; private set; }

    /// <summary>The deepest directory, as a position in <see cref="Steps"/>.</summary>
    internal int Deepest => _here;

    /// <summary>Walks. Whoever asked disposes the answer.</summary>
    /// <exception cref="FileException">The way cannot be read.</exception>
    internal static PathWalk To(string path)
    {
        var walk = new PathWalk(path);
        try
        {
            walk.Root();
            while (walk.Missing is null && walk._rest.TryPop(out var name)) walk.Step(name, path);
            return walk;
        }
        catch
        {
            walk.Dispose();
            throw;
        }
    }

    /// <summary>Whether this walk passed the very same inodes.</summary>
    internal bool PassedSame(PathWalk other) =>
        Missing == other.Missing && _steps.Count == other._steps.Count && _steps.Zip(other._steps).All(pair => pair.First.IsSame(pair.Second));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var step in _steps) step.Inode.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Kept among the steps, which Dispose closes.")]
    private void Root()
    {
        var root = Open(OpenFile.None, new FileName("/"), out _) ?? throw new FileException("cannot open /");
        Arrive(root, FileStatus.Of(root, "/").Identity, container: -1, FileName.Empty);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Kept among the steps, which Dispose closes.")]
    private void Step(FileName name, string path)
    {
        var here = _steps[_here].Inode;
        if (Open(here, name, out var errno) is not { } inode)
        {
            if (errno is not (Errno.NoEntry or Errno.NotFolder)) throw FileException.Of($"watch {path}", errno);
            Missing = name;
            return;
        }

        var isUp = name.Bytes.SequenceEqual(".."u8);
        var status = FileStatus.Of(inode, path);
        switch (status.Type)
        {
            case FileType.Folder:
                Arrive(inode, status.Identity, isUp ? -1 : _here, name);
                break;
            case FileType.Link when ++_links <= MostLinks:
                _steps.Add(new PathStep(inode, status.Identity, IsLink: true, _here, name));
                Follow(LinkText.Read(inode, FileName.Empty, out _) ?? FileName.Empty);
                break;
            default:
                // Something else than a directory is in the way (or links in a circle): wait for it to be replaced.
                inode.Dispose();
                Missing = name;
                break;
        }
    }

    private void Arrive(OpenFile folder, FileIdentity identity, int container, FileName name)
    {
        _here = _steps.Count;
        _steps.Add(new PathStep(folder, identity, IsLink: false, container, name));
    }

    private void Follow(FileName target)
    {
        if (target.Bytes.StartsWith("/"u8)) Root();
        Push(target);
    }

    private void Push(FileName path)
    {
        var names = new List<FileName>();
        foreach (var range in path.Bytes.Split((byte)'/'))
        {
            var part = path.Bytes[range];
            if (part.Length > 0 && !part.SequenceEqual("."u8)) names.Add(new FileName(part));
        }

        for (var i = names.Count - 1; i >= 0; i--) _rest.Push(names[i]);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Kept among the steps, which Dispose closes.")]
    private static OpenFile? Open(OpenFile from, FileName name, out int errno)
    {
        var inode = OpenFile.Try(from, name, FileNative.PathOnly | FileNative.NoFollow, out errno);
        if (errno == 0) return inode;
        inode.Dispose();
        return null;
    }
}

/// <summary>One directory or link that a walk passed.</summary>
/// <param name="Inode">It, kept open.</param>
/// <param name="Identity">Which one it is.</param>
/// <param name="IsLink">A link; else a directory.</param>
/// <param name="Container">The step in which its name stands; -1 when it was not reached by a name.</param>
/// <param name="Name">That name.</param>
internal sealed record PathStep(OpenFile Inode, FileIdentity Identity, bool IsLink, int Container, FileName Name)
{
    internal bool IsSame(PathStep other) => Identity == other.Identity && Container == other.Container && Name == other.Name;
}
