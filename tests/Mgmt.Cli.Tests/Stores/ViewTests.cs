using System.Text;
using System.Text.Json;
using CsCheck;
using Google.Protobuf;
using Mgmt.Cli.Commands.Keys;
using Mgmt.Cli.Views;
using Mgmt.Linux.Files;

namespace Mgmt.Cli.Tests.Stores;

public sealed class ViewTests
{
    private static readonly string[] Words = ["mod", "value", "(", ")", "\"", "'", "\\", " ", "=", "!=", "\n", "put", "get", "del", "--prefix", "--lease=1", "a", "0", "x"];

    [Theory]
    [InlineData("plain text, ünï 漢 😀", "plain text, ünï 漢 😀")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb\r\t", "a\\nb\\r\\t")]
    [InlineData("\u001b[31m", "\\x1b[31m")]
    [InlineData("\u202egnp", "\\xe2\\x80\\xaegnp")]
    [InlineData("\u0085", "\\xc2\\x85")]
    public void What_could_steer_a_terminal_is_escaped(string text, string shown) => Assert.Equal(shown, BytesText.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Any_bytes_can_be_had_back_from_what_is_shown() => Gen.Frequency((3, Gen.Byte.Array[0, 20]), (1, Gen.String.Select(Encoding.UTF8.GetBytes))).Sample(bytes =>
    {
        var shown = BytesText.Of(bytes);
        Assert.Null(BytesText.Unescape(shown, out var back));
        Assert.Equal(bytes, back);
        Assert.DoesNotContain(shown, char.IsControl);
    });

    [Fact]
    public void Any_bytes_can_be_had_back_from_json() => Gen.Byte.Array[0, 12].Sample(bytes =>
    {
        using var json = JsonDocument.Parse(JsonView.Object(one => JsonView.Write(one, "key", ByteString.CopyFrom(bytes), isHex: false)));
        var key = json.RootElement.GetProperty("key");
        Assert.Equal(bytes, json.RootElement.TryGetProperty("key_encoding", out _) ? key.GetBytesFromBase64() : Encoding.UTF8.GetBytes(key.GetString()!));
    });

    [Theory]
    [InlineData("foo", "line 1: cannot read \"foo\": a comparison is TARGET(\"KEY\") OP \"OPERAND\"; what to do stands behind an empty line")]
    [InlineData("size(\"a\") = \"1\"", "line 1: cannot read \"size(\"a\") = \"1\"\": \"size\" is none of create, mod, version, lease, value")]
    [InlineData("mod(\"a\" = \"1\"", "line 1: cannot read \"mod(\"a\" = \"1\"\": \")\" is missing behind the key")]
    [InlineData("mod(\"a\") ~ \"1\"", "line 1: cannot read \"mod(\"a\") ~ \"1\"\": behind \")\" one of = != > < stands")]
    [InlineData("mod(\"a\") = \"x\"", "line 1: cannot read \"mod(\"a\") = \"x\"\": \"x\" is not a whole number")]
    [InlineData("mod(\"a\") = 1 x", "line 1: cannot read \"mod(\"a\") = 1 x\": there is more than one comparison on the line")]
    [InlineData("\nputt a b", "line 2: cannot read \"putt a b\": \"putt\" is none of put, get, del")]
    [InlineData("\nput a", "line 2: cannot read \"put a\": put takes a key and a value")]
    [InlineData("\nput a \"b", "line 2: cannot read \"put a \"b\": a quote \" is not closed")]
    [InlineData("\nput a \"\\q\"", "line 2: cannot read \"put a \"\\q\"\": \"\\q\" is no escape: \\\\ \\\" \\n \\r \\t and \\xHH are")]
    [InlineData("\nput a b --laese=1", "line 2: cannot read \"put a b --laese=1\": put has no flag --laese; did you mean --lease?")]
    [InlineData("\nget a b --prefix", "line 2: cannot read \"get a b --prefix\": --prefix, --from-key and an end exclude each other")]
    [InlineData("\nget a --limit", "line 2: cannot read \"get a --limit\": --limit needs a value")]
    [InlineData("\ndel a\n\nget a\n\nget b", "line 6: cannot use a fourth part: there are what to compare, then and else, with one empty line between them")]
    public void A_mistake_in_a_transaction_is_told_with_its_line(string text, string sentence)
    {
        new TxnReader(new(false)).Read(text, out var mistakes);
        Assert.Equal([sentence], mistakes);
    }

    [Fact]
    public void Any_text_is_a_transaction_or_a_mistake() =>
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[0, 30]
            .Sample(words => new TxnReader(new(false)).Read(string.Concat(words), out _) is not null);

    [Fact]
    public async Task When_nobody_reads_on_it_ends_quietly()
    {
        var store = await OwnStore.StartAsync();
        await store.SaidAsync("kv", "put", "k", "v");
        var mgmt = new TestSurroundings { Answers = new GoneStream(), Environment = { ["MGMT_PREFIX"] = store.Prefix } };
        var exitCode = await mgmt.RunAsync("kv", "get", "k");
        await store.DisposeAsync();
        Assert.Equal((0, "", ""), (exitCode, mgmt.Output, mgmt.Error));
    }

    private sealed class GoneStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new ReaderGoneException();

        public override void Write(byte[] buffer, int offset, int count) => throw new ReaderGoneException();
    }
}
