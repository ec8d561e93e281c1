using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Linux.Processes;

/// <summary>Finds a program as a shell does: along PATH, unless its name has a slash.</summary>
public static class ProgramPath
{
    /// <summary>The PATH of a process that has none.</summary>
    public const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Finds a program. What is relative counts from <paramref name="directory"/>, where the child will be.</summary>
    /// <param name="program">The first word of the command.</param>
    /// <param name="path">Directories, separated by colons; an empty one is <paramref name="directory"/>.</param>
    /// <param name="directory">The child's working directory; empty is the agent's own.</param>
    /// <param name="found">The file to run.</param>
    /// <param name="error">Why there is none: a whole clause.</param>
    internal static bool TryFind(
        string program, string path, string directory, [NotNullWhen(true)] out string? found, [NotNullWhen(false)] out string? error)
    {
        (found, error) = (null, null);
        string? refused = null;
        var withSlash = program.Contains('/', StringComparison.Ordinal);
        foreach (var entry in withSlash ? [""] : path.Split(':'))
        {
            var candidate = Path.Combine(directory, entry, program);
            if (!File.Exists(candidate))
            {
                if (Directory.Exists(candidate)) refused ??= $"{candidate} is a directory";
                continue;
            }

            if (ProcessNative.Access(candidate, ProcessNative.X_OK) == 0)
            {
                found = candidate;
                return true;
            }

            refused ??= $"{candidate} is not executable";
        }

        error = withSlash
            ? refused ?? $"there is no file {Path.Combine(directory, program)}"
            : refused ?? $"there is no program \"{program}\" in PATH ({path})";
        return false;
    }
}
