using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands;

/// <summary>One command of mgmt. Its flags are read first, then it runs, if nothing was wrong with them.</summary>
internal interface ICommand
{
    /// <summary>The words after mgmt: one, or those of its family and its own, <c>kv get</c>.</summary>
    string Name { get; }

    /// <summary>A few words for help.</summary>
    string Summary { get; }

    /// <summary>Whether it is for programs, and so in no list of commands.</summary>
    bool IsHidden => false;

    /// <summary>In the order of help.</summary>
    IReadOnlyList<Flag> Flags { get; }

    /// <summary>What stands beside the flags, in its order.</summary>
    IReadOnlyList<Operand> Operands => [];

    /// <summary>For help.</summary>
    IReadOnlyList<Example> Examples { get; }

    /// <summary>More for the end of help, or nothing; whole lines.</summary>
    string Notes => "";

    /// <summary>Reads the flags, tells <paramref name="given"/> of each mistake, and answers what to do when there is none; it gives the exit code.</summary>
    Func<Task<int>> Read(Given given);
}

/// <summary>An example in help.</summary>
/// <param name="CommandLine">As a user would write it.</param>
/// <param name="Explanation">What it does.</param>
internal sealed record Example(string CommandLine, string Explanation);
