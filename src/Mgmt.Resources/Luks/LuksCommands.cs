using Mgmt.Linux.Memory;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Luks;

/// <summary>Runs cryptsetup(8). A passphrase reaches it through a pipe: never in its arguments, its environment or a file.</summary>
internal sealed class LuksCommands(LuksWish wish, LuksServices services)
{
    private const int WrongKey = 2;
    private static readonly KeyValuePair<string, string>[] Plain = [new("LC_ALL", "C")];

    /// <summary>Opens the disk with a passphrase, or with its key file.</summary>
    /// <returns>Why not, or null; and whether it was for the key.</returns>
    internal async Task<(string? Problem, bool IsWrongKey)> OpenAsync(LockedBytes? key, CancellationToken cancel)
    {
        string[] words = [services.Places.Program, "open", "--type", "luks", "--batch-mode", key is null ? $"--key-file={wish.KeyFile}" : "--key-file=-", "--", services.Places.DeviceOf(wish), wish.Name];
        var run = await RunAsync(new CommandSpec(words) { Input = key }, cancel);
        if (run.Problem.Length == 0) return (null, false);
        return run.Status is { Code: WrongKey } ? ($"cannot open {wish.Name}: no key slot of {services.Places.DeviceOf(wish)} takes this {(key is null ? $"key file {wish.KeyFile}" : "passphrase")}", true) : ($"cannot open {wish.Name}: {ReasonOf(run)}", false);
    }

    /// <summary>Closes the mapping.</summary>
    /// <returns>Why not, or null.</returns>
    internal async Task<string?> CloseAsync(CancellationToken cancel)
    {
        var run = await RunAsync(new CommandSpec([services.Places.Program, "close", "--", wish.Name]), cancel);
        return run.Problem.Length == 0 ? null : $"cannot close {wish.Name}: {ReasonOf(run)}; end what uses it (lsblk, fuser -vm)";
    }

    private Task<CommandRun> RunAsync(CommandSpec spec, CancellationToken cancel) => CommandRun.RunAsync(services.Spawner, spec with { Environment = Plain }, TimeSpan.Zero, services.Time, cancel);

    private static string ReasonOf(CommandRun run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?.TrimEnd('.', ' ') is { Length: > 0 } said ? said : run.Problem;
}
