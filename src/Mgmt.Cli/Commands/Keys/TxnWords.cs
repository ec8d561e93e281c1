using System.Text;
using Mgmt.Cli.Views;
using CompareResult = Mgmt.Mesh.Wire.Compare.Types.CompareResult;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>Takes one line of a transaction apart: plain words, "words" with escapes, 'words' without.</summary>
internal sealed class TxnWords(string line, char endsAt = ' ')
{
    private int _at;
    private bool _isEscaped;

    /// <summary>Whether nothing is left.</summary>
    public bool IsAtEnd
    {
        get
        {
            Skip();
            return _at == line.Length;
        }
    }

    /// <summary>How many characters are left.</summary>
    public int Left => line.Length - _at;

    /// <summary>The last word, without its quotes and before its digits were read.</summary>
    public string LastText { get; private set; } = "";

    /// <summary>Whether the last word stood in quotes, and so is no flag.</summary>
    public bool WasQuoted { get; private set; }

    /// <summary>The next word as bytes.</summary>
    /// <returns>False when there is none, or it is wrong; then <paramref name="why"/> is the end of a sentence.</returns>
    public bool TryNext(BytesMode mode, out byte[] bytes, out string? why)
    {
        bytes = [];
        if (!TryRaw(out var text, out why)) return false;
        LastText = text;
        why = mode.IsHex ? mode.Reading(text, out bytes) : WasQuoted && _isEscaped ? BytesText.Unescape(text, out bytes) : null;
        if (why is null && !mode.IsHex && !(WasQuoted && _isEscaped)) bytes = Encoding.UTF8.GetBytes(text);
        return why is null;
    }

    /// <summary>Takes a sign if it is next.</summary>
    public bool TryTake(char sign)
    {
        Skip();
        if (_at == line.Length || line[_at] != sign) return false;
        _at++;
        return true;
    }

    /// <summary>Takes what two things are compared by.</summary>
    public CompareResult? TryResult()
    {
        if (TryTake('=')) return CompareResult.Equal;
        if (TryTake('>')) return CompareResult.Greater;
        if (TryTake('<')) return CompareResult.Less;
        return TryTake('!') && TryTake('=') ? CompareResult.NotEqual : null;
    }

    private bool TryRaw(out string text, out string? why)
    {
        (text, why) = ("", null);
        if (IsAtEnd) return false;
        var quote = line[_at];
        (WasQuoted, _isEscaped) = (quote is '"' or '\'', quote == '"');
        var start = WasQuoted ? ++_at : _at;
        while (_at < line.Length && (WasQuoted ? line[_at] != quote : !char.IsWhiteSpace(line[_at]) && line[_at] != endsAt)) _at += _isEscaped && line[_at] == '\\' ? 2 : 1;
        if (_at > line.Length || (WasQuoted && _at == line.Length))
        {
            _at = line.Length;
            why = $"a quote {quote} is not closed";
            return false;
        }

        text = line[start.._at];
        if (WasQuoted) _at++;
        return true;
    }

    private void Skip()
    {
        while (_at < line.Length && char.IsWhiteSpace(line[_at])) _at++;
    }
}
