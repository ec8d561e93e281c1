using System.Diagnostics.CodeAnalysis;
using Mgmt.Definitions;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Linux.Inotify;
using Mgmt.Resources.File;

namespace Mgmt.Agent;

/// <summary>What can be said of graph files and kinds without running anything.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "A host that nothing is asked of has opened nothing.")]
public static class GraphReading
{
    /// <summary>
    /// Graph files to a plan, or null with all mistakes as text. Kinds whose edges depend on the host ask it; what is missing of their answers is among the warnings.
    /// </summary>
    public static async Task<(Plan? Plan, IReadOnlyList<string> Warnings, string Errors)> CompileAsync(IReadOnlyList<string> paths)
    {
        await using var host = new Host(TimeProvider.System);
        var result = new GraphLoader(host.Kinds).LoadFiles(paths);
        if (result.Definition is not { } definition) return (null, [], DiagnosticWriter.ToText(result));
        var surveys = await Task.WhenAll(SurveyQuestion.Of(definition).Select(asked => AskAsync(asked.Kind, asked.Own)));
        var plan = Compiler.Compile(definition, surveys);
        return (plan, [.. surveys.Select(survey => survey.Missing).OfType<string>(), .. plan.Warnings], "");
    }

    /// <summary>How the files of a plan would be watched on this host.</summary>
    public static IReadOnlyList<WatchGroup> WatchGroups(Plan plan, WatcherChoice choice) => WatchPreview.Of(FileKind.WatchedPaths(plan.Resources), new WatcherOptions { Choice = choice });

    /// <summary>Every kind with its fields, as text.</summary>
    public static string DescribeKinds() => KindDocs.ToText(new Host(TimeProvider.System).Kinds);

    /// <summary>The JSON Schema of graph files.</summary>
    public static string Schema() => JsonSchemaWriter.Write(new Host(TimeProvider.System).Kinds);

    private static async Task<Survey> AskAsync(Kind kind, IReadOnlyList<ResourceSpec> own)
    {
        using var limit = new CancellationTokenSource(SurveyQuestion.Longest);
        try
        {
            return await Task.Run(() => SurveyQuestion.AskAsync(kind, own, limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return Survey.Empty with { Missing = SurveyQuestion.TooLate(kind.Name) };
        }
    }
}
