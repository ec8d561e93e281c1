namespace Mgmt.Cli.Logs;

/// <summary>What a colour means.</summary>
internal enum Ink
{
    /// <summary>The terminal's own colour.</summary>
    Plain,

    /// <summary>The time.</summary>
    Faint,

    /// <summary>Something was changed.</summary>
    Change,

    /// <summary>All is in order.</summary>
    Good,

    /// <summary>Something needs attention.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Bad,
}

/// <summary>Colours on a terminal; without them the text is left as it is.</summary>
internal sealed class Palette(bool hasColors)
{
    public string Paint(Ink ink, string text) => hasColors && ink != Ink.Plain ? $"\u001b[{Code(ink)}m{text}\u001b[0m" : text;

    private static string Code(Ink ink) => ink switch
    {
        Ink.Faint => "2",
        Ink.Change => "36",
        Ink.Good => "32",
        Ink.Warning => "33",
        _ => "31",
    };
}
