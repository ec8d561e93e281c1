namespace Mgmt.Agent;

/// <summary>The exit codes of `mgmt`.</summary>
public static class ExitCode
{
    /// <summary>All is in order.</summary>
    public const int InOrder = 0;

    /// <summary>It cannot run; or, without detailed exit codes, it ended with failed resources.</summary>
    public const int CannotRun = 1;

    /// <summary>With detailed exit codes: something was changed. Added to <see cref="Failed"/>.</summary>
    public const int Changed = 2;

    /// <summary>With detailed exit codes: something is failed. Added to <see cref="Changed"/>.</summary>
    public const int Failed = 4;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>The definition is wrong.</summary>
    public const int Definition = 65;

    /// <summary>The history that a request of the store asks for was compacted.</summary>
    public const int Compacted = 66;

    /// <summary>The store cannot be reached, or has no leader, or did not answer in time.</summary>
    public const int Unavailable = 69;
}
