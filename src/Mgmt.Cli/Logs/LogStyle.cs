namespace Mgmt.Cli.Logs;

/// <summary>The shape of the log.</summary>
internal enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>One JSON object a line, for programs.</summary>
    Json,

    /// <summary>Entries of systemd's journal, with fields.</summary>
    Journal,
}

/// <summary>How to tell what happens.</summary>
/// <param name="Format">The shape.</param>
/// <param name="Quiet">Only what is wrong.</param>
/// <param name="Color">With colours.</param>
internal sealed record LogStyle(LogFormat Format, bool Quiet, bool Color);
