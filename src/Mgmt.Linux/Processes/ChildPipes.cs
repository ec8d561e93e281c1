namespace Mgmt.Linux.Processes;

/// <summary>The pipes of one child that is about to start; a stream without one is /dev/null.</summary>
internal sealed class ChildPipes : IDisposable
{
    private ChildPipes(Pipe? input, Pipe? output, Pipe? errors, bool isInputWhole) => (Input, Output, Errors, IsInputWhole) = (input, output, errors, isInputWhole);

    internal Pipe? Input { get; }

    internal Pipe? Output { get; }

    internal Pipe? Errors { get; }

    /// <summary>Whether the pipe holds all of the input.</summary>
    internal bool IsInputWhole { get; }

    /// <summary>Opens those that the child needs. Its input is in the pipe before it starts, so that nobody need write while it runs.</summary>
    internal static ChildPipes Open(CommandSpec spec)
    {
        Pipe? input = null, output = null;
        try
        {
            input = spec.Input is null ? null : Pipe.OpenForInput();
            output = spec.Output is null ? null : Pipe.Open();
            return new(input, output, spec.Errors is null ? null : Pipe.Open(), input is null || input.TryFill(spec.Input!.Bytes));
        }
        catch
        {
            input?.Dispose();
            output?.Dispose();
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
