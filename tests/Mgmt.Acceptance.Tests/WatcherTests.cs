using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Mgmt.Acceptance.Tests;

/// <summary>Very many directories: what watches them, and what is said of it.</summary>
public sealed class WatcherTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [RootFact]
    public async Task ThousandsOfDirectoriesAreOneMark()
    {
        const int Count = 5_000;
        var folder = Directory.CreateDirectory(_place["fs"]).FullName;
        Shell($"mount -t tmpfs tmpfs {folder}");
        try
        {
            await using var mgmt = MgmtProcess.Start("run", "--file", Graph(Count), "--tmp-prefix");
            var line = await mgmt.LineAsync("watching ");
            Assert.Contains($"{Count} paths in {Count} directories of {folder} (tmpfs) by one fanotify mark", line, StringComparison.Ordinal);
            Assert.Equal(1, CountOf(mgmt, "fanotify sdev:"));
            Assert.InRange(CountOf(mgmt, "inotify wd:"), 1, 50);
            foreach (var i in new[] { 0, 17, Count - 1 })
            {
                File.Delete(_place[$"fs/d{i}/f"]);
                await _place.FileAsync($"fs/d{i}/f", "right");
            }

            Directory.Move(_place["fs/d9"], _place["fs/away"]);
            await _place.FileAsync("fs/d9/f", "right");
        }
        finally
        {
            Shell($"umount -l {folder}");
        }
    }

    /// <summary>As README shows it: 10,000 directories, and the graph itself.</summary>
    [RootFact]
    public async Task GraphAndLogSayWhatWatches()
    {
        var resources = Enumerable.Range(0, 10_000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"  - {{name: f{i}, path: /srv/d{i}/f}}\n"));
        _place.Write("many.yaml", $"graph: g\nresources:\n  file:\n{string.Concat(resources)}");
        var (_, command, output) = Assert.Single(Readme.Session("--format watches"));
        string[] arguments = ["-m", "--propagation", "private", "sh", "-c", "mount -t tmpfs tmpfs /srv && cd \"$0\" && exec \"$@\"", _place.Root, MgmtProcess.Binary];
        Assert.StartsWith("mgmt ", command, StringComparison.Ordinal);
        await using var graph = MgmtProcess.Start([.. arguments, .. command.Split(' ')[1..]], [], "unshare");
        Assert.Equal(0, await graph.ExitAsync());
        Assert.Equal(Plain(output), Plain(graph.Seen));
        await using var agent = MgmtProcess.Start([.. arguments, "run", "--file", "many.yaml", "--tmp-prefix"], [], "unshare");
        Assert.Equal(Plain(Readme.After("--format watches").Trim()), Plain(await agent.LineAsync("watching ")));

        // This machine's file systems are its own business.
        static string Plain(string text) => Regex.Replace(Regex.Replace(Readme.Mask(text), @"/\w* \((?!tmpfs)\w+\)", "/ (FS)"), " +", " ");
    }

    [RootFact]
    public async Task FanotifyWithoutThePrivilegeIsRefusedBeforeAnythingIsTouched()
    {
        await using var mgmt = MgmtProcess.Start(
            ["--bounding-set=-sys_admin", "--inh-caps=-sys_admin", MgmtProcess.Binary, "run", "--file", Graph(1), "--tmp-prefix", "--watcher", "fanotify"], [], "setpriv");
        Assert.Equal(1, await mgmt.ExitAsync());
        Assert.Contains("cannot watch by fanotify: ", mgmt.Seen, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_ADMIN", mgmt.Seen, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place["fs"]));
    }

    [RootFact]
    public async Task WhereTheLimitOfWatchesIsReachedTheRestIsLookedAt()
    {
        const int Count = 40;
        var run = $"echo 20 >/proc/sys/user/max_inotify_watches && exec {MgmtProcess.Binary} run --file {Graph(Count)} --tmp-prefix";
        await using var mgmt = MgmtProcess.Start(["-Ur", "sh", "-c", run], [], "unshare");
        var line = await mgmt.LineAsync("watching ");
        Assert.Contains("by looking from time to time", line, StringComparison.Ordinal);
        Assert.Contains("by inotify", line, StringComparison.Ordinal);
        for (var i = 0; i < Count; i++) await File.WriteAllTextAsync(_place[$"fs/d{i}/f"], "wrong");
        for (var i = 0; i < Count; i++) await _place.FileAsync($"fs/d{i}/f", "right");
        var warning = Assert.Single(mgmt.Printed().Split('\n'), one => one.Contains("warning: ", StringComparison.Ordinal));
        Assert.Contains("user.max_inotify_watches = 20", warning, StringComparison.Ordinal);
        Assert.Contains("sysctl user.max_inotify_watches=", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GraphShowsTheGroupsWithoutWatching()
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("graph", "--file", Graph(30), "--format", "watches", "--watcher", "inotify");
        Assert.True(exitCode == 0, output);
        var lines = output.Split('\n');
        Assert.Equal("BY       PATHS  DIRECTORIES  FILE SYSTEM", lines[0]);
        Assert.StartsWith("inotify  30     30           /", lines[1], StringComparison.Ordinal);
    }

    private string Graph(int count) => _place.Write("graph.yaml", "graph: g\nresources:\n  file:\n" + string.Concat(
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"  - {{name: f{i}, path: {_place[$"fs/d{i}/f"]}, content: right}}\n"))));

    private static int CountOf(MgmtProcess mgmt, string start)
    {
        var files = Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{mgmt.Id}/fdinfo"));
        return files.Sum(file => LinesOf(file).Count(line => line.StartsWith(start, StringComparison.Ordinal)));
    }

    // A descriptor may be closed meanwhile.
    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void Shell(string command)
    {
        using var process = Process.Start("/bin/sh", ["-c", command]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
