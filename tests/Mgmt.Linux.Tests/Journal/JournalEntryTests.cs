using System.Text;
using Mgmt.Linux.Journal;

namespace Mgmt.Linux.Tests.Journal;

public sealed class JournalEntryTests
{
    [Fact]
    public void Fields_are_lines_and_text_of_several_lines_has_its_length() => Assert.Equal(
        "PRIORITY=6\nMESSAGE\n\u0006\0\0\0\0\0\0\0a\nb=ü\nEVENT=x=y \u001b\n"u8.ToArray(),
        new JournalEntry().Add("PRIORITY", "6").Add("MESSAGE", "a\nb=ü").Add("NOTHING", "").Add("EVENT", "x=y \u001b").Bytes.ToArray());

    [Fact]
    public void The_length_counts_bytes()
    {
        var text = "\n" + new string('ü', 300);
        var bytes = new JournalEntry().Add("A", text).Bytes;
        Assert.Equal(601UL, BitConverter.ToUInt64(bytes[2..10]));
        Assert.Equal(text + "\n", Encoding.UTF8.GetString(bytes[10..]));
    }

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("A=\ufffd\n", Encoding.UTF8.GetString(new JournalEntry().Add("A", "\ud800").Bytes));

    [Theory]
    [InlineData("")]
    [InlineData("_TRUSTED")]
    [InlineData("1A")]
    [InlineData("small")]
    [InlineData("A=B")]
    [InlineData("A\nB")]
    public void A_name_that_the_journal_would_drop_is_refused(string name) => Assert.Throws<ArgumentException>(() => new JournalEntry().Add(name, "x"));
}
