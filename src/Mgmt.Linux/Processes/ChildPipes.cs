namespace Mgmt.Linux.Processes;

/// <summary>The pipes of one child that is about to start; a stream without one is /dev/null.</summary>
internal sealed class ChildPipes : IDisposable
{
    internal Pipe? Input { get; private set; }

    internal Pipe? Output { get; private set; }

    internal Pipe? Errors { get; private set; }

    /// <summary>Whether the pipe holds all of the input.</summary>
    internal bool IsInputWhole { get; private set; }

    /// <summary>Opens those that the child needs. Its input is in the pipe before it starts, so that nobody need write while it runs.</summary>
    internal static ChildPipes Open(CommandSpec spec)
    {
        var pipes = new ChildPipes();
        try
        {
            if (spec.Input is not null) pipes.Input = Pipe.OpenForInput();
            if (spec.Output is not null) pipes.Output = Pipe.Open();
            if (spec.Errors is not null) pipes.Errors = Pipe.Open();
            pipes.IsInputWhole = pipes.Input is null || pipes.Input.TryFill(spec.Input!.Bytes);
            return pipes;
        }
        catch
        {
            pipes.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Input?.Dispose();
        Output?.Dispose();
        Errors?.Dispose();
    }
}
