using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

public sealed partial class Runner
{
    private async Task RunTogetherAsync(JointRun run)
    {
        var startedAt = _time.GetTimestamp();
        IReadOnlyList<CheckResult> results;
        try
        {
            await using var limits = new JointTimeouts(
                run, _time, part => Post(new RunnerEvent.PartEnded(part, TooLong(part.Vertex), _time.GetElapsedTime(startedAt))), _ending.Token);
            results = await CheckTogetherAsync(run, limits.Token);
        }
        catch (Exception error)
        {
            results = [.. Enumerable.Repeat(FailureOf(error), run.Parts.Count)];
        }

        var lane = new Lane(only: null);
        Post(new RunnerEvent.JointEnded(run, results, _time.GetElapsedTime(startedAt)), lane);
        if (lane.Taken is { } next) RunHere(next, goOn: true);
    }

    private static async ValueTask<IReadOnlyList<CheckResult>> CheckTogetherAsync(JointRun run, CancellationToken cancel)
    {
        var first = (IJointResource)run.Parts[0].Vertex.Resource;
        var results = await first.CheckTogetherAsync([.. run.Parts.Select(part => new JointCheck(part.Vertex.Resource, part.Request))], cancel);
        return results.Count == run.Parts.Count ? results : throw new InvalidOperationException($"{results.Count} results came for {run.Parts.Count} resources");
    }
}
