using System.Globalization;

namespace Mgmt.Cli.Flags;

/// <summary>How the values of flags are read.</summary>
internal static class Parse
{
    // What the agent's timers can hold: 24 days.
    private const double MostSeconds = 2_147_483;

    /// <summary>Any text that is not empty.</summary>
    public static string? Text(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? "it is empty" : null;
    }

    /// <summary>True or false.</summary>
    public static string? Switch(string text, out bool value)
    {
        value = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : "it is neither true nor false";
    }

    /// <summary>Seconds, with or without a fraction.</summary>
    public static string? Seconds(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out var seconds) || !double.IsFinite(seconds)) return "it is not a number of seconds such as 30 or 0.5";
        if (seconds < 0) return "it is less than 0 seconds";
        if (seconds > MostSeconds) return $"it is more than {MostSeconds} seconds";
        value = TimeSpan.FromSeconds(seconds);
        return null;
    }

    /// <summary>A time that people count: whole seconds, or a number with s, m, h or d behind it; ten years at most.</summary>
    public static string? Span(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        const int mostDays = 3650;
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unit = text[digits..] switch { "" or "s" => 1L, "m" => 60, "h" => 60 * 60, "d" => 24 * 60 * 60, _ => 0 };
        if (digits == 0 || unit == 0) return "it is not a time such as 30s, 15m, 12h or 7d";
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > mostDays * 24L * 60 * 60 / unit) return $"it is more than {mostDays} days";
        value = TimeSpan.FromSeconds(count * unit);
        return null;
    }

    /// <summary>How many: 0 or more.</summary>
    public static string? Count(string text, out int value)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return value < 0 ? "it is less than 0" : null;
        return $"it is not a whole number from 0 to {int.MaxValue}";
    }

    /// <summary>Bytes, with or without K, M, G or T behind them (KiB and so on may be written too), each 1024 of the one before.</summary>
    public static string? Size(string text, out long value)
    {
        value = 0;
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var power = text[digits..].ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KIB" => 1,
            "M" or "MIB" => 2,
            "G" or "GIB" => 3,
            "T" or "TIB" => 4,
            _ => -1,
        };
        if (digits == 0 || power < 0) return "it is not a size such as 512M or 4G";
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> (10 * power)) return "it is more than can be counted";
        value = number << (10 * power);
        return null;
    }

    /// <summary>The name of a host, as peers and logs will show it.</summary>
    public static string? Hostname(string text, out string value)
    {
        const int longest = 253;
        value = text;
        if (text.Length == 0) return "it is empty";
        if (text.Length > longest) return $"it is longer than {longest} characters";
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? null : "only letters, digits, \".\", \"-\" and \"_\" can stand in a host's name";
    }

    /// <summary>One of a few words.</summary>
    public static Reading<string> OneOf(params string[] words) => (string text, out string value) =>
    {
        value = text;
        return words.Contains(text, StringComparer.Ordinal) ? null : $"it is none of {string.Join(", ", words)}";
    };
}
