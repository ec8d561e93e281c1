namespace Mgmt.Engine.Running;

/// <summary>
/// A thread that handles the runner's events and may itself run one of the checks that follow, instead of handing it to the pool: what saves a repair the way
/// through another thread.
/// </summary>
/// <param name="only">The one vertex whose check it takes, if that is quick; null takes any.</param>
internal sealed class Lane(RunnerVertex? only)
{
    /// <summary>The check to run after the events are handled.</summary>
    public RunnerCommand.Check? Taken { get; private set; }

    public bool TryTake(RunnerCommand.Check check)
    {
        if (Taken is not null) return false;
        if (only is not null && (check.Vertex != only || !check.Vertex.Resource.IsQuick)) return false;
        Taken = check;
        return true;
    }
}
