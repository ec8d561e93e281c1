using System.Text;
using Mgmt.Linux.Mounts;

namespace Mgmt.Linux.Tests.Mounts;

public sealed class MountInfoTests
{
    [Fact]
    public void A_line_is_read_with_all_its_fields()
    {
        var entry = Assert.Single(Parse("36 35 98:3 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue\n"));
        Assert.Equal(new MountEntry(36, 35, (98UL << 32) | 3, "/mnt1", "/mnt2", "rw,noatime", "ext3", "/dev/root", "rw,errors=continue"), entry);
    }

    [Fact]
    public void No_optional_field_is_fine() => Assert.Equal("tmpfs", Assert.Single(Parse("1 0 0:5 / /run rw - tmpfs none rw\n")).Type);

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"/a\134040", @"/a\040")]
    [InlineData(@"/\303\244", "/ä")]
    [InlineData(@"/tab\011new\012line\043", "/tab\tnew\nline#")]
    [InlineData(@"/end\04", @"/end\04")]
    [InlineData(@"/no\089octal", @"/no\089octal")]
    [InlineData(@"/big\777", @"/big\777")]
    [InlineData(@"/ä", "/ä")]
    public void Bytes_in_octal_are_what_they_stand_for(string written, string meant) => Assert.Equal(meant, Assert.Single(Parse($"1 0 0:5 / {written} rw - tmpfs none rw\n")).Point);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("1 0 0:5 / /run rw tmpfs none rw")]
    [InlineData("1 0 0:5 / /run rw - tmpfs none")]
    [InlineData("1 0 0-5 / /run rw - tmpfs none rw")]
    [InlineData("x 0 0:5 / /run rw - tmpfs none rw")]
    [InlineData("1 0 0:5 / run rw - tmpfs none rw")]
    [InlineData("-")]
    public void What_is_no_line_is_passed_over(string line) => Assert.Empty(Parse(line));

    [Fact]
    public void The_kernels_own_table_is_read_whole() => Assert.Equal(File.ReadLines("/proc/self/mountinfo").Count(), MountInfo.Read().Count);

    [Theory]
    [InlineData("/mnt", true)]
    [InlineData("/mnt/a", true)]
    [InlineData("/mnt2", false)]
    [InlineData("/", false)]
    public void Below_is_by_whole_names(string point, bool expected) => Assert.Equal(expected, Parse($"1 0 0:5 / {point} rw - tmpfs none rw")[0].IsAtOrBelow("/mnt"));

    private static IReadOnlyList<MountEntry> Parse(string text) => MountInfo.Parse(Encoding.UTF8.GetBytes(text));
}
