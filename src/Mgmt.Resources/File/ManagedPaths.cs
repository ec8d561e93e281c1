using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>The paths that the whole definition manages: an immutable set, replaced when the definition is.</summary>
internal sealed class ManagedPaths
{
    // Made when a directory that purges asks for them: without one, a reload of many files need not.
    private volatile Lazy<FilePath[]> _paths = new([]);

    /// <summary>Raised after the set was replaced.</summary>
    internal event Action? Replaced;

    internal IReadOnlyList<FilePath> Paths => _paths.Value;

    /// <summary>Replaces the set.</summary>
    /// <param name="paths">Read later, and once.</param>
    internal void Set(IEnumerable<FilePath> paths)
    {
        _paths = new Lazy<FilePath[]>(() => [.. paths]);
        Replaced?.Invoke();
    }
}
