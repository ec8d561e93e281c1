using Mgmt.Engine.Kinds;
using Mgmt.Linux.Mounts;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Mount;

/// <summary>Runs mount(8) and umount(8).</summary>
internal sealed class MountCommands(MountWish wish, MountServices services)
{
    // What they say is looked into for a reason.
    private static readonly KeyValuePair<string, string>[] Plain = [new("LC_ALL", "C")];

    /// <summary>Mounts what is wished.</summary>
    /// <returns>The failure, or null.</returns>
    internal async Task<CheckResult?> MountAsync(string point, CancellationToken cancel)
    {
        List<string> words = ["mount"];
        if (wish.Type.Length > 0) words.AddRange(["-t", wish.Type]);
        if (wish.Options.Length > 0) words.AddRange(["-o", wish.Options]);
        return Judge(await RunAsync([.. words, "--", wish.Device, point], services.Spawner, services.Time, cancel), $"cannot mount {wish.Device} at {point}", "correct the graph, or see dmesg");
    }

    /// <summary>Gives what is mounted the options that are wished. Both source and directory are named, so that fstab is not asked.</summary>
    /// <returns>The failure, or null.</returns>
    internal async Task<CheckResult?> RemountAsync(MountEntry entry, CancellationToken cancel)
    {
        var options = MountOptions.Split(wish.Options).Where(static one => one is not ("bind" or "rbind" or "loop"));
        string[] words = ["mount", "-o", string.Join(',', ["remount", .. wish.IsBind ? new[] { "bind" } : [], .. options]), "--", entry.Source, entry.Point];
        return Judge(await RunAsync(words, services.Spawner, services.Time, cancel), $"cannot mount {wish.Device} at {entry.Point} again with its options", "end what writes there, or correct options");
    }

    /// <summary>Unmounts what is at a directory.</summary>
    /// <returns>The failure, or null.</returns>
    internal static async Task<CheckResult?> UnmountAsync(string point, Spawner spawner, TimeProvider time, CancellationToken cancel) =>
        Judge(await RunAsync(["umount", "--", point], spawner, time, cancel), $"cannot unmount {point}", $"end what uses it (fuser -vm {point})");

    private static Task<CommandRun> RunAsync(IReadOnlyList<string> words, Spawner spawner, TimeProvider time, CancellationToken cancel) =>
        CommandRun.RunAsync(spawner, new CommandSpec(words) { Environment = Plain }, TimeSpan.Zero, time, cancel);

    private static CheckResult? Judge(CommandRun run, string cannot, string advice)
    {
        if (run.Problem.Length == 0) return null;

        // "mount: /mnt/x: special device /dev/y does not exist."
        var said = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var reason = said.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var at ? said[(at + 2)..].TrimEnd('.', ' ') : said;
        return CheckResult.Failed($"{cannot}: {(reason.Length > 0 ? reason : run.Problem)}; {advice}", run.Output);
    }
}
