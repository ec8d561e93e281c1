namespace Mgmt.Definitions;

/// <summary>What a graph file may grow to. Honest files stay far below; hostile ones must not take the agent's memory or time.</summary>
internal static class Limits
{
    /// <summary>All files of one graph together, in bytes: five times what 100,000 file resources take.</summary>
    public const int Bytes = 64 * 1024 * 1024;

    /// <summary>Files of one graph.</summary>
    public const int Files = 10_000;

    /// <summary>Lists and maps within each other. An honest file needs 6.</summary>
    public const int Depth = 64;

    /// <summary>Uses of anchors in one file.</summary>
    public const int Aliases = 10_000;

    /// <summary>Nodes that the uses of anchors in one file stand for.</summary>
    public const int AliasedNodes = 1_000_000;

    /// <summary>Mistakes told of at once; the others are counted.</summary>
    public const int Mistakes = 100;

    /// <summary>Names compared with a misspelt one in one load: enough for ten misspelt names among 100,000.</summary>
    public const int Comparisons = 1_000_000;

    /// <summary>Cycles told of at once.</summary>
    public const int Cycles = 10;
}
