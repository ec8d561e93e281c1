using Mgmt.Agent;
using Mgmt.Engine.Plans.Views;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>What is said on standard error when the agent cannot run.</summary>
internal static class LastWords
{
    /// <summary>Whole lines, or null for a report that ends nothing.</summary>
    public static string? Of(Report report) => report switch
    {
        FatalReport fatal => Lines(fatal.Message),
        RefusedReport { KeepsOld: false } refused => Lines(refused.Text),
        _ => null,
    };

    private static string Lines(string text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => PlainText.Of(line) + "\n"));
}
