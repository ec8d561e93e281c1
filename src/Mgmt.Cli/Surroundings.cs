using System.Text;
using Mgmt.Linux.Files;
using Mgmt.Linux.Journal;
using Mgmt.Linux.Terminals;

namespace Mgmt.Cli;

/// <summary>What the commands see of the process that they run in.</summary>
internal sealed record Surroundings
{
    /// <summary>Standard output, not buffered.</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error, not buffered.</summary>
    public required Stream Error { get; init; }

    /// <summary>Standard input.</summary>
    public required Stream Input { get; init; }

    /// <summary>Standard output for the answers to one request: when nobody reads it any more, writing throws <see cref="ReaderGoneException"/>.</summary>
    public required Stream Answers { get; init; }

    /// <summary>Has something called when SIGINT or SIGTERM comes, instead of ending the process, until the answer is disposed.</summary>
    public required Func<Action, IDisposable> WhenStopped { get; init; }

    /// <summary>An environment variable by its name.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether somebody sees the output on a terminal.</summary>
    public required bool OutputIsTerminal { get; init; }

    /// <summary>Whether systemd's journal reads what is written.</summary>
    public required bool OutputIsJournal { get; init; }

    /// <summary>Has the terminal that standard input is show nothing of what is typed, until the answer is disposed; null when it is none.</summary>
    public required Func<SilentTerminal?> SilenceInput { get; init; }

    /// <summary>Whether the user is root.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>The name that the host gives itself.</summary>
    public required string MachineName { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        Output = OpenOrNothing(Console.OpenStandardOutput),
        Error = OpenOrNothing(Console.OpenStandardError),
        Input = OpenOrNothing(Console.OpenStandardInput),
        Answers = new OutputStream(),
        WhenStopped = static act => new StopSignals(act),
        Environment = System.Environment.GetEnvironmentVariable,
        OutputIsTerminal = !Console.IsOutputRedirected,
        OutputIsJournal = JournalSocket.IsStandardError(System.Environment.GetEnvironmentVariable("JOURNAL_STREAM")),
        SilenceInput = SilentTerminal.TryOpen,
        IsRoot = System.Environment.IsPrivilegedProcess,
        MachineName = System.Environment.MachineName,
        Time = TimeProvider.System,
    };

    /// <summary>Writes to standard output.</summary>
    public void Say(string text) => Output.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes to standard error, if that can be written.</summary>
    /// <returns>Whether it was written. Where it was not there is nobody left to tell, and the exit code has to do.</returns>
    public bool Complain(string text)
    {
        try
        {
            Error.Write(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A program may be started with its standard streams closed: it then runs without them.
    private static Stream OpenOrNothing(Func<Stream> open)
    {
        try
        {
            return open();
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return Stream.Null;
        }
    }
}
