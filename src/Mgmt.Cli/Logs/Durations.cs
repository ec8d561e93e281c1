using System.Globalization;

namespace Mgmt.Cli.Logs;

/// <summary>Spans of time in words.</summary>
internal static class Durations
{
    /// <summary><c>0.05 s</c>, <c>12.3 s</c>, <c>5 min 3 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Say(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s",
        { TotalSeconds: < 100 } => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        { TotalDays: < 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d {time.Hours} h",
    };
}
