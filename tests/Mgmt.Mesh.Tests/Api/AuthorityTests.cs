using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Mgmt.Mesh.Api.Hosting;

namespace Mgmt.Mesh.Tests.Api;

public sealed class AuthorityTests
{
    // ":authority" as text; the fifth is "www.example.com" in Huffman's code (RFC 7541, C.4.1).
    [Theory]
    [InlineData("4104" + "2f612f62", "4104" + "61616161")]
    [InlineData("8286" + "84" + "0104" + "2f612f62", "8286" + "84" + "0104" + "61616161")]
    [InlineData("40016101" + "2f" + "41022f78", "40016101" + "2f" + "41026161")]
    [InlineData("3fe11f" + "41022f78", "3fe11f" + "41026161")]
    [InlineData("418cf1e3c2e5f23a6ba0ab90f4ff", "418cf1e3c2e5f23a6ba0ab90f4ff")]
    [InlineData("4103" + "613a31", "4103" + "613a31")]
    [InlineData("410a2f", "410a2f")]
    [InlineData("41ff", "41ff")]
    [InlineData("", "")]
    public void A_name_with_a_slash_becomes_letters_and_nothing_else_changes(string before, string after)
    {
        var block = Convert.FromHexString(before);
        AuthorityField.Replace(block);
        Assert.Equal(after, Convert.ToHexStringLower(block));
    }

    // "/a/b" is 011000 00011 011000 100011 and a one to the end of the byte; "XjXa"-like letters of 23 bits in its place are 8 + 5 + 5 + 5.
    [Fact]
    public void In_Huffmans_code_it_keeps_its_bits_and_its_symbols()
    {
        byte[] block = [0x41, 0x83, 0b01100000, 0b01101100, 0b01000111];
        Assert.True(AuthorityField.Replace(block));
        Assert.Equal([0x41, 0x83, 0b11111100, 0b00011000, 0b11000111], block);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Frames_are_found_however_they_arrive(int step)
    {
        byte[] stream =
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, []), .. Frame(0, 0, "/not/a/header"u8), .. Frame(0, 0, new byte[100]), .. Frame(1, 4, [0x41, 2, (byte)'/', (byte)'x']),
            .. Frame(1, 4 | 8 | 0x20, [1, 0, 0, 0, 0, 0, 0x41, 2, (byte)'/', (byte)'y', 0]),
        ];
        var pipe = new Pipe();
        var reader = new AuthorityReader(pipe.Reader);
        var read = new List<byte>();
        for (var i = 0; i < stream.Length; i += step)
        {
            await pipe.Writer.WriteAsync(stream.AsMemory(i, Math.Min(step, stream.Length - i)));

            // Like Kestrel, it takes what it gets, whole or not, and not always all of it.
            while (reader.TryRead(out var result))
            {
                var taken = Math.Max(1, result.Buffer.Length / 2);
                read.AddRange(result.Buffer.Slice(0, taken).ToArray());
                reader.AdvanceTo(result.Buffer.GetPosition(taken));
            }
        }

        var text = Encoding.ASCII.GetString([.. read]);
        Assert.Equal(stream.Length, text.Length);
        Assert.Contains("/not/a/header", text, StringComparison.Ordinal);
        Assert.Contains("A\u0002aa", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/x", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/y", text, StringComparison.Ordinal);
    }

    private static byte[] Frame(byte type, byte flags, ReadOnlySpan<byte> payload) => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, 1, .. payload];
}
