using System.Text;
using CsCheck;
using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

public sealed class OutputTests
{
    private static readonly Gen<byte[][]> Pieces = Gen.Byte[97, 99].Array[0, 40].Array[0, 12];

    [Fact]
    public void A_capture_keeps_both_ends_whatever_the_pieces() => Pieces.Sample(pieces =>
    {
        var capture = new OutputCapture(limit: 16);
        foreach (var piece in pieces) capture.Write(piece);
        var whole = Encoding.ASCII.GetString([.. pieces.SelectMany(piece => piece)]);
        var expected = whole.Length <= 32 ? whole : $"{whole[..16]}\n[{whole.Length - 32} bytes left out]\n{whole[^16..]}";
        return capture.ToString() == expected && capture.Length == whole.Length;
    });

    [Fact]
    public void Lines_are_the_same_whatever_the_pieces() => Gen.Bool.Select(feed => feed ? (byte)'\n' : (byte)'a').Array[0, 40].Array[0, 12].Sample(pieces =>
    {
        var seen = new List<string>();
        var lines = new OutputLines(seen.Add, limit: 8);
        foreach (var piece in pieces) lines.Write(piece);
        lines.End();
        var whole = Encoding.ASCII.GetString([.. pieces.SelectMany(piece => piece)]);
        return seen.All(line => line.Length <= 8) && string.Concat(seen) == whole.Replace("\n", "", StringComparison.Ordinal)
            && (whole.Split('\n').Any(line => line.Length >= 8) || seen.SequenceEqual(Split(whole)));
    });

    [Fact]
    public void A_line_may_be_as_long_as_the_limit_and_the_last_need_no_feed()
    {
        var seen = new List<string>();
        var lines = new OutputLines(seen.Add, limit: 4);
        lines.Write("abcdefg\n\nxy"u8);
        lines.End();
        Assert.Equal(["abcd", "efg", "", "xy"], seen);
    }

    private static string[] Split(string text)
    {
        var lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
