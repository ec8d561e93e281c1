using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>The paths that the whole definition manages: an immutable set, replaced when the definition is.</summary>
internal sealed class ManagedPaths
{
    private volatile FilePath[] _paths = [];

    /// <summary>Raised after the set was replaced.</summary>
    internal event Action? Replaced;

    internal IReadOnlyList<FilePath> Paths => _paths;

    internal void Set(IEnumerable<FilePath> paths)
    {
        _paths = [.. paths];
        Replaced?.Invoke();
    }
}
