using System.Buffers;
using System.Globalization;
using System.Text;
using Mgmt.Agent;
using Mgmt.Engine.Plans.Views;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>The log for people: a line per event, with what belongs to it indented below.</summary>
internal sealed class TextLog(Palette palette, TimeZoneInfo zone) : ILogView
{
    private const string Indent = "    ";

    private readonly TextLines _shown = new();
    private readonly StringBuilder _lines = new();

    public void Write(DateTimeOffset time, Report report, IBufferWriter<byte> output)
    {
        var clock = palette.Paint(Ink.Faint, TimeZoneInfo.ConvertTime(time, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        foreach (var line in _shown.Of(report))
        {
            _lines.Append(clock).Append(' ');
            if (line.Subject is { } subject) _lines.Append(PlainText.Of(subject.ToString())).Append(": ");
            _lines.Append(palette.Paint(line.Ink, PlainText.Of(line.Words))).Append('\n');
            foreach (var below in line.Below) _lines.Append(Indent).Append(PlainText.Of(below)).Append('\n');
        }

        Flush(output);
    }

    public void WriteDropped(DateTimeOffset time, long count, IBufferWriter<byte> output) =>
        Write(time, new WarningReport($"{TextLines.Count(count, "line was", "lines were")} dropped: the output did not keep up"), output);

    private void Flush(IBufferWriter<byte> output)
    {
        foreach (var chunk in _lines.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, output);
        _lines.Clear();
    }
}
