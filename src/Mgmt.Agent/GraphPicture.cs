using System.Text;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Plans.Views;
using Mgmt.Linux.Processes;

namespace Mgmt.Agent;

/// <summary>Writes the graph where <c>--graphviz</c> says, and a picture beside it when graphviz is installed.</summary>
internal sealed class GraphPicture(string file, string program, Spawner spawner, Action<string> warn)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private Task _drawing = Task.CompletedTask;

    /// <summary>Writes the text at once and draws the picture in the background, after the one before is done.</summary>
    public void Write(Plan plan)
    {
        try
        {
            // Whoever watches the file sees a whole graph or none.
            var unfinished = file + ".mgmt-new";
            System.IO.File.WriteAllText(unfinished, PlanDot.Write(plan), new UTF8Encoding(false));
            System.IO.File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"cannot write the graph to {file}: {error.Message}");
            return;
        }

        _drawing = DrawAsync(_drawing);
    }

    /// <summary>Waits for the picture that is being drawn.</summary>
    public Task FinishAsync() => _drawing;

    private async Task DrawAsync(Task before)
    {
        await before;
        var errors = new OutputCapture();

        // Graphviz is a convenience: where it is not installed, the text alone is what was asked for.
        if (!spawner.TryStart(new CommandSpec([program, "-Tsvg", "-o", file + ".svg", file]) { Errors = errors }, out var child, out _)) return;
        try
        {
            var status = await child.Exited.WaitAsync(Longest);
            if (!status.IsSuccess) warn($"cannot draw {file}.svg: {program} {status}: {errors}");
        }
        catch (TimeoutException)
        {
            await child.EndAsync(TimeSpan.Zero);
            warn($"cannot draw {file}.svg: {program} took longer than {Longest.TotalSeconds} s");
        }
    }
}
