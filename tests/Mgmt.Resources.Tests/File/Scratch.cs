using System.Diagnostics;

namespace Mgmt.Resources.Tests.File;

/// <summary>A directory of one test, removed after it.</summary>
internal sealed class Scratch : IDisposable
{
    internal Scratch() => Path = Directory.CreateTempSubdirectory("mgmt-test-").FullName;

    internal string Path { get; }

    internal string At(string name) => $"{Path}/{name}";

    internal string Put(string name, string content)
    {
        System.IO.File.WriteAllText(At(name), content);
        return At(name);
    }

    internal string Read(string name) => System.IO.File.ReadAllText(At(name));

    /// <summary>Every name below with what lstat says of it, to compare before and after.</summary>
    internal string Snapshot() => Shell.Run($"find {Path} -printf '%P %y %m %U %G %s %T@ %C@ %i %l\\n' | sort");

    /// <summary>All names below, sorted.</summary>
    internal string Names() => string.Join(' ', Directory.EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(name => name[(Path.Length + 1)..]).Order(StringComparer.Ordinal));

    public void Dispose() => Shell.Run($"chattr -R -i {Path} 2>/dev/null; rm -rf {Path}");
}

/// <summary>Runs a shell command line.</summary>
internal static class Shell
{
    internal static string Run(string commands)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", commands]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.Result;
    }
}
