using System.Buffers;
using System.Text;

namespace Mgmt.Linux.Processes;

/// <summary>Cuts a stream into lines and hands each on, without its line feed. A line beyond the limit is handed on in pieces.</summary>
/// <param name="line">Called with each line, on the thread that serves all children.</param>
/// <param name="limit">The longest line, in bytes.</param>
public sealed class OutputLines(Action<string> line, int limit = 64 * 1024) : IChildOutput
{
    private readonly ArrayBufferWriter<byte> _part = new();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var feed = bytes.IndexOf((byte)'\n');
            var take = Math.Min(feed < 0 ? bytes.Length : feed, limit - _part.WrittenCount);
            _part.Write(bytes[..take]);
            bytes = bytes[take..];
            if (take == feed) bytes = bytes[1..];
            if (take == feed || _part.WrittenCount == limit) HandOn();
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_part.WrittenCount > 0) HandOn();
    }

    private void HandOn()
    {
        var text = Encoding.UTF8.GetString(_part.WrittenSpan);
        _part.ResetWrittenCount();
        line(text);
    }
}
