using System.Text;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Cli.Views;

/// <summary>Rows of words below each other, the same on a terminal and in a pipe.</summary>
internal static class TableText
{
    /// <summary>Columns of the width of their longest word, two spaces between them.</summary>
    public static string Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.Select(static row => row.Select(PlainText.Of).ToArray()).Prepend([.. head]).ToList();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in all) text.Append(string.Join("  ", row.Select((word, column) => word.PadRight(widths[column]))).TrimEnd()).Append('\n');
        return text.ToString();
    }
}
