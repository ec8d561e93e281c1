using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>How grave a diagnostic is.</summary>
public enum Severity
{
    /// <summary>The graph works, yet it may not do what its author meant.</summary>
    Warning,

    /// <summary>The graph cannot be used.</summary>
    Error,
}

/// <summary>One mistake in a graph file. All of its texts are free of control characters, so that no file can write to a terminal through them.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Place">Where it is; of a file as a whole, its line 1 and column 1.</param>
/// <param name="Message">A sentence that begins with "cannot" and names the thing and its value.</param>
/// <param name="Advice">What to do, without a capital; may be empty.</param>
/// <param name="SourceLine">The line to look at, or null when there is none.</param>
public sealed record Diagnostic(Severity Severity, Place Place, string Message, string Advice, SourceLine? SourceLine)
{
    /// <summary>The mistake in one line: place, message and advice.</summary>
    public override string ToString()
    {
        var place = Place.File.Length == 0 ? "" : $"{Wording.Clean(Place.File)}:{Place.Line}:{Place.Column}: ";
        return Advice.Length == 0 ? $"{place}{Message}" : $"{place}{Message}; {Advice}";
    }
}

/// <summary>A line of a graph file, cut to fit a screen, and what to print beneath it.</summary>
/// <param name="Text">The line, or the part of it that is around the mistake.</param>
/// <param name="Marker">Blanks and one caret, which comes to stand under the mistake.</param>
public sealed record SourceLine(string Text, string Marker);
