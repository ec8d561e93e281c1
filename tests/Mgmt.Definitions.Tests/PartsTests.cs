namespace Mgmt.Definitions.Tests;

/// <summary>The small parts, each by itself.</summary>
public class PartsTests
{
    [Theory]
    [InlineData("content", "contnt", 1)]
    [InlineData("content", "cotnent", 1)]
    [InlineData("content", "CONTENT", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_changes(string a, string b, int expected)
    {
        Assert.Equal(expected, Nearest.Distance(a, b));
        Assert.Equal(expected, Nearest.Distance(b, a));
    }

    [Theory]
    [InlineData("file", "file")]
    [InlineData("fiel", "file")]
    [InlineData("fil", "file")]
    [InlineData("xyz", null)]
    [InlineData("f", null)]
    public void Only_a_near_word_is_advised(string word, string? expected) => Assert.Equal(expected, Nearest.Among(word, ["exec", "file", "files", "svc"]));

    [Fact]
    public void It_stops_after_so_many_comparisons() => Assert.Null(new Nearest(2).Of("file", ["a", "b", "file"]));

    [Theory]
    [InlineData("", PlainType.Null)]
    [InlineData("~", PlainType.Null)]
    [InlineData("NULL", PlainType.Null)]
    [InlineData("False", PlainType.Boolean)]
    [InlineData("-0", PlainType.Integer)]
    [InlineData("0644", PlainType.Integer)]
    [InlineData("0xfF", PlainType.Integer)]
    [InlineData("0o17", PlainType.Integer)]
    [InlineData("-0x1", PlainType.Text)]
    [InlineData("1.", PlainType.Number)]
    [InlineData("+.5", PlainType.Number)]
    [InlineData("1e-3", PlainType.Number)]
    [InlineData("-.INF", PlainType.Number)]
    [InlineData(".nan", PlainType.Number)]
    [InlineData(".", PlainType.Text)]
    [InlineData("+", PlainType.Text)]
    [InlineData(".e1", PlainType.Text)]
    [InlineData("1e+", PlainType.Text)]
    [InlineData("1_000", PlainType.Text)]
    internal void A_plain_scalar_is_what_the_core_schema_says(string text, PlainType expected) => Assert.Equal(expected, PlainScalar.Classify(text));

    [Theory]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("0x7fffffffffffffff", true, long.MaxValue)]
    [InlineData("0xffffffffffffffff", false, 0)]
    [InlineData("0o777777777777777777777", true, long.MaxValue)]
    [InlineData("0o1000000000000000000000", false, 0)]
    public void Whole_numbers_fit_or_are_refused(string text, bool fits, long expected)
    {
        Assert.Equal(fits, PlainScalar.TryInteger(text, out var value));
        if (fits) Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("-.inf", double.NegativeInfinity)]
    [InlineData("+.Inf", double.PositiveInfinity)]
    [InlineData("-1.5e2", -150)]
    [InlineData("0x10", 16)]
    [InlineData("5.", 5)]
    public void Numbers_have_their_value(string text, double expected) => Assert.Equal(expected, PlainScalar.ToNumber(text));

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("a\x1b[0m\u009b\u202e", "\"a\\x1b[0m\\x9b\\u202e\"")]
    public void Values_are_quoted_without_what_terminals_obey(string value, string expected) => Assert.Equal(expected, Wording.Quote(value));

    [Fact]
    public void A_long_value_is_cut_between_characters() => Assert.Equal(new string('x', 59) + "…", Wording.Cut(new string('x', 59) + "😀😀"));

    [Theory]
    [InlineData("abc", 2, "abc", " ^")]
    [InlineData("\tabc", 3, "\tabc", "\t ^")]
    [InlineData("abc", 9, "abc", "   ^")]
    [InlineData("\u200bab", 3, "\\u200bab", "       ^")]
    [InlineData("😀b", 3, "😀b", "  ^")]
    public void The_caret_stands_under_its_column(string line, int column, string text, string marker) => Assert.Equal(new SourceLine(text, marker), Excerpt.Of(line, column));

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(1_000)]
    public void A_long_line_is_cut_around_its_column(int column)
    {
        var line = new string('-', column - 1) + "X" + new string('-', 1_000 - column);
        var cut = Excerpt.Of(line, column);
        Assert.InRange(cut.Text.Length, 100, 102);
        Assert.Equal('X', cut.Text[cut.Marker.Length - 1]);
    }
}
