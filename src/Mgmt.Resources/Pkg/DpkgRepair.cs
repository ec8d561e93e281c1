using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Brings a run of dpkg to its end that was killed in the middle: until that is done no package tool changes anything. PackageKit has no role for it.
/// </summary>
/// <param name="spawner">Starts dpkg.</param>
/// <param name="time">Measures how long it takes.</param>
/// <param name="enter">What stands before the command; empty but for tests.</param>
internal sealed class DpkgRepair(Spawner spawner, TimeProvider time, IReadOnlyList<string> enter)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    // As PackageKit does it: nobody is asked, and changed configuration files stay.
    private static readonly string[] Command = ["dpkg", "--force-confdef", "--force-confold", "--configure", "-a"];

    /// <summary>Runs it.</summary>
    /// <returns>What went wrong, as a clause; empty when nothing did.</returns>
    internal async Task<string> RunAsync(CancellationToken cancel)
    {
        var spec = new CommandSpec([.. enter, .. Command]) { Environment = [new("DEBIAN_FRONTEND", "noninteractive"), new("LC_ALL", "C.UTF-8")] };
        return (await CommandRun.RunAsync(spawner, spec, Patience, time, cancel)).Problem;
    }
}
