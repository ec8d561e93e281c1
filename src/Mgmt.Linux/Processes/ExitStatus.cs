namespace Mgmt.Linux.Processes;

/// <summary>How a child ended.</summary>
/// <param name="Code">The exit code, when it exited by itself.</param>
/// <param name="Signal">The signal's number, when one killed it.</param>
public readonly record struct ExitStatus(int? Code, int? Signal)
{
    private static readonly string[] SignalNames =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Somebody else took the status: the process is gone, and nobody knows how it ended.</summary>
    public static ExitStatus Lost => default;

    /// <summary>Whether it exited with code 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>The end of a sentence that begins with "it": <c>ended with exit code 3</c>, <c>was killed by signal 9 (KILL)</c>.</summary>
    public override string ToString() => this switch
    {
        { Code: { } code } => $"ended with exit code {code}",
        { Signal: { } signal } when signal < SignalNames.Length => $"was killed by signal {signal} ({SignalNames[signal]})",
        { Signal: { } signal } => $"was killed by signal {signal}",
        _ => "ended, but its exit status was lost",
    };
}
