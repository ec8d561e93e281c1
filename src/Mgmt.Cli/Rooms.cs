using Mgmt.Agent;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli;

/// <summary>What the commands ask of the rooms below; tests put their own answers here.</summary>
/// <param name="RunAgentAsync">Runs the agent until it ends, telling what happens; answers the exit code.</param>
/// <param name="CompileAsync">Graph files to a plan with its warnings, or null with all mistakes as text.</param>
/// <param name="GroupWatches">How the files of a plan would be watched on this host.</param>
/// <param name="DescribeKinds">The documentation of all kinds.</param>
/// <param name="WriteSchema">The JSON Schema of graph files.</param>
internal sealed record Rooms(
    Func<AgentOptions, Action<Report>, Task<int>> RunAgentAsync,
    Func<IReadOnlyList<string>, Task<(Plan? Plan, IReadOnlyList<string> Warnings, string Errors)>> CompileAsync,
    Func<Plan, WatcherChoice, IReadOnlyList<WatchGroup>> GroupWatches,
    Func<string> DescribeKinds,
    Func<string> WriteSchema)
{
    /// <summary>The rooms of this program.</summary>
    public static Rooms Real { get; } = new(
        AgentRun.RunAsync,
        GraphReading.CompileAsync,
        GraphReading.WatchGroups,
        GraphReading.DescribeKinds,
        GraphReading.Schema);
}
