using System.Buffers;
using System.Globalization;

namespace Mgmt.Definitions;

/// <summary>What a scalar without quotes is by the core schema of YAML 1.2.</summary>
internal enum PlainType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Nothing.</summary>
    Null,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent, infinity, or not a number.</summary>
    Number,
}

/// <summary>Reads scalars that stand without quotes, by the core schema of YAML 1.2: <c>yes</c> and <c>2001-01-01</c> are text.</summary>
internal static class PlainScalar
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>What it is.</summary>
    public static PlainType Classify(string text)
    {
        if (text.Length == 0) return PlainType.Null;
        var first = text[0];
        if (char.IsAsciiDigit(first) || first is '+' or '-' or '.') return ClassifyNumber(text);
        return text switch
        {
            "~" or "null" or "Null" or "NULL" => PlainType.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => PlainType.Boolean,
            _ => PlainType.Text,
        };
    }

    /// <summary>The value of what is a whole number; false when it does not fit.</summary>
    public static bool TryInteger(string text, out long value)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        if (text.StartsWith("0o", StringComparison.Ordinal)) return TryOctal(text.AsSpan(2), out value);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The value of what is a number, whole or not.</summary>
    public static double ToNumber(string text)
    {
        var digits = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        var sign = text[0] == '-' ? -1 : 1;
        if (digits.Equals(".inf", StringComparison.OrdinalIgnoreCase)) return sign * double.PositiveInfinity;
        if (digits.Equals(".nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        if (digits.Length > 1 && digits[1] is 'x' or 'o') return TryInteger(text, out var whole) ? whole : double.PositiveInfinity;
        return sign * double.Parse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture);
    }

    private static PlainType ClassifyNumber(string text)
    {
        var signed = text[0] is '+' or '-';
        var digits = text.AsSpan(signed ? 1 : 0);
        if (digits is ".inf" or ".Inf" or ".INF") return PlainType.Number;
        if (!signed && digits is ".nan" or ".NaN" or ".NAN") return PlainType.Number;
        if (!signed && digits.Length > 2 && digits[0] == '0' && digits[1] == 'x')
            return digits[2..].ContainsAnyExcept(HexDigits) ? PlainType.Text : PlainType.Integer;
        if (!signed && digits.Length > 2 && digits[0] == '0' && digits[1] == 'o')
            return digits[2..].ContainsAnyExceptInRange('0', '7') ? PlainType.Text : PlainType.Integer;
        return ClassifyDecimal(digits);
    }

    private static PlainType ClassifyDecimal(ReadOnlySpan<char> digits)
    {
        var i = 0;
        var whole = SkipDigits(digits, ref i);
        if (i == digits.Length) return whole > 0 ? PlainType.Integer : PlainType.Text;
        var fraction = 0;
        if (digits[i] == '.')
        {
            i++;
            fraction = SkipDigits(digits, ref i);
        }

        if (whole + fraction == 0) return PlainType.Text;
        if (i == digits.Length) return PlainType.Number;
        if (digits[i] is not ('e' or 'E')) return PlainType.Text;
        i++;
        if (i < digits.Length && digits[i] is '+' or '-') i++;
        return SkipDigits(digits, ref i) > 0 && i == digits.Length ? PlainType.Number : PlainType.Text;
    }

    private static int SkipDigits(ReadOnlySpan<char> text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        return i - start;
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (value >> 60 != 0) return false;
            value = (value << 3) + (digit - '0');
        }

        return true;
    }
}
