using System.Text;

namespace Mgmt.Definitions;

/// <summary>Lines that follow each other and stand in the last text too.</summary>
/// <param name="Line">The first, from 1.</param>
/// <param name="EndLine">The one after the last.</param>
/// <param name="LastLine">The number that the first had in the last text.</param>
internal readonly record struct Run(int Line, int EndLine, int LastLine);

/// <summary>
/// A text without those items that the last load read. An item is left out only together with the same neighbours as before, and the first and last of a
/// list never: so whatever stands beside each other in the whole text was read beside each other once, in this text or in the last.
/// </summary>
internal sealed class Abridgment
{
    private readonly List<Run> _runs = [];

    // For each run, the line of this text that follows it, and how many lines are left out up to there.
    private readonly List<int> _resumed = [];
    private readonly List<int> _skipped = [];

    /// <summary>Leaves out what is known.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="outline">Its outline.</param>
    /// <param name="last">The outline of the last text.</param>
    /// <param name="known">What <see cref="ChunkMatch"/> found.</param>
    public Abridgment(string text, Outline outline, Outline last, int[] known)
    {
        LeftOut = new bool[known.Length];
        var kept = new StringBuilder();
        var at = 0;
        foreach (var section in outline.Sections)
        {
            for (var i = section.First + 1; i < section.End - 1; i++)
            {
                var isKnown = known[i] > 0 && known[i - 1] == known[i] - 1 && known[i + 1] == known[i] + 1;
                if (!isKnown) continue;
                var chunk = outline.Chunks[i];
                if (!LeftOut[i - 1])
                {
                    kept.Append(text, at, chunk.Start - at);
                    _runs.Add(new Run(chunk.Line, chunk.EndLine, last.Chunks[known[i]].Line));
                }

                LeftOut[i] = true;
                _runs[^1] = _runs[^1] with { EndLine = chunk.EndLine };
                at = chunk.End;
            }
        }

        Text = kept.Append(text, at, text.Length - at).ToString();
        CountLines();
    }

    /// <summary>What is left.</summary>
    public string Text { get; }

    /// <summary>Which chunks were left out.</summary>
    public bool[] LeftOut { get; }

    /// <summary>The lines that were left out, in order; no two runs touch.</summary>
    public IReadOnlyList<Run> Runs => _runs;

    /// <summary>The number that a line of <see cref="Text"/> has in the whole text.</summary>
    public int LineOf(int line)
    {
        var run = _resumed.BinarySearch(line);
        if (run < 0) run = ~run - 1;
        return run < 0 ? line : line + _skipped[run];
    }

    private void CountLines()
    {
        var skipped = 0;
        foreach (var run in _runs)
        {
            _resumed.Add(run.Line - skipped);
            skipped += run.EndLine - run.Line;
            _skipped.Add(skipped);
        }
    }
}
