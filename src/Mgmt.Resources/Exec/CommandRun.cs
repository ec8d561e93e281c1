using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Exec;

/// <summary>How one command went.</summary>
/// <param name="Status">How it ended; null when it was not started, or was ended for taking too long.</param>
/// <param name="Problem">What went wrong, as a clause; empty when it exited with 0.</param>
/// <param name="Output">What it printed, bounded: first its output, then its errors.</param>
/// <param name="Took">From start to end.</param>
internal sealed record CommandRun(ExitStatus? Status, string Problem, string Output, TimeSpan Took)
{
    /// <summary>How long a command has after SIGTERM. The agent's own end waits for it.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a command to its end. When the answer is there, nothing of a command that was ended is left.</summary>
    /// <param name="spawner">Starts it.</param>
    /// <param name="spec">What to run; its outputs are taken here.</param>
    /// <param name="timeout">How long it may take; zero is any time.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="cancel">Ends the command; the call throws after that.</param>
    internal static async Task<CommandRun> RunAsync(Spawner spawner, CommandSpec spec, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var (output, errors) = (new OutputCapture(), new OutputCapture());
        var begun = time.GetTimestamp();
        if (!spawner.TryStart(spec with { Output = output, Errors = errors }, out var child, out var error))
        {
            return new CommandRun(null, error, "", TimeSpan.Zero);
        }

        using var limit = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        await ((Task)child.Exited.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var inTime = child.Exited.IsCompleted;
        var allEnded = inTime || await child.EndAsync(Grace);
        if (!inTime) cancel.ThrowIfCancellationRequested();
        var problem = inTime ? Judge(await child.Exited)
            : $"it took longer than {timeout.TotalMilliseconds:0} ms and was ended" + (allEnded ? "" : ", but some of what it started did not end");
        return new CommandRun(inTime ? await child.Exited : null, problem, Text(output, errors, allEnded), time.GetElapsedTime(begun));
    }

    private static string Judge(ExitStatus status) => status.IsSuccess ? "" : $"it {status}";

    // While something still writes the captures are not to be read.
    private static string Text(OutputCapture output, OutputCapture errors, bool isComplete)
    {
        if (!isComplete) return "";
        var (first, second) = (output.ToString(), errors.ToString());
        return first.Length > 0 && second.Length > 0 && !first.EndsWith('\n') ? $"{first}\n{second}" : first + second;
    }
}
