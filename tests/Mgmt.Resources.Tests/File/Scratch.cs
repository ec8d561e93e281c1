using System.Diagnostics;

namespace Mgmt.Tests;

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
    internal string Snapshot() => Shell.Run($"find {Path} -printf '%P %y %m %U %G %s %T@ %C@ %i %l\\n' | LC_ALL=C sort");

    /// <summary>Each name with type, mode and size.</summary>
    internal string Stat() => Shell.Run($"find {Path} -mindepth 1 -printf '%P %y %m %s\\n' | LC_ALL=C sort");

    /// <summary>All names below, sorted.</summary>
    internal string Names() => Shell.Run($"find {Path} -mindepth 1 -printf '%P\n' | LC_ALL=C sort").TrimEnd().Replace('\n', ' ');

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

/// <summary>A test that needs to be root: for anybody else it is skipped, and says so.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
    }
}
