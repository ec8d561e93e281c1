using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent;

/// <summary>What all who ask kinds about the host have in common.</summary>
internal static class SurveyQuestion
{
    /// <summary>How long a graph waits for the answers.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The kinds that are to be asked, with their resources; none for most graphs.</summary>
    public static IReadOnlyList<(Kind Kind, IReadOnlyList<ResourceSpec> Own)> Of(Definition definition)
    {
        Dictionary<Kind, List<ResourceSpec>>? asked = null;
        foreach (var spec in definition.Resources)
        {
            if (spec.Kind is not ISurveyor) continue;
            asked ??= [];
            if (!asked.TryGetValue(spec.Kind, out var own)) asked.Add(spec.Kind, own = []);
            own.Add(spec);
        }

        return asked is null ? [] : [.. asked.Where(pair => !IsAlone(pair.Key, pair.Value)).Select(pair => (pair.Key, (IReadOnlyList<ResourceSpec>)pair.Value))];

        // Nothing would come of the answer, and to give one may cost the host seconds.
        bool IsAlone(Kind kind, List<ResourceSpec> own) => own.Count == definition.Resources.Count && ((ISurveyor)kind).TiesOthersOnly;
    }

    /// <summary>Asks one kind. Whatever it throws is a missing answer; only a cancelled token throws.</summary>
    public static async Task<Survey> AskAsync(Kind kind, IReadOnlyList<ResourceSpec> own, CancellationToken cancel)
    {
        try
        {
            return await ((ISurveyor)kind).SurveyAsync(own, cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            return Survey.Empty with { Missing = $"cannot find automatic edges of {kind.Name} resources: {error.Message}" };
        }
    }

    /// <summary>What is said of a kind that does not answer in time.</summary>
    public static string TooLate(string kind) =>
        $"cannot find automatic edges of {kind} resources yet: the host has not answered within {Longest.TotalSeconds:0} s; the graph goes on without them";
}
