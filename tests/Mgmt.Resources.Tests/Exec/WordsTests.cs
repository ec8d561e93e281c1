using CsCheck;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Tests.Exec;

public sealed class WordsTests : IAsyncLifetime
{
    private readonly Spawner _spawner = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _spawner.DisposeAsync();

    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" \t\n ", new string[0])]
    [InlineData("a  b\tc\nd", new[] { "a", "b", "c", "d" })]
    [InlineData("echo 'a b' \"c d\" e\\ f", new[] { "echo", "a b", "c d", "e f" })]
    [InlineData("'' \"\" a''b", new[] { "", "", "ab" })]
    [InlineData("a'b'\"c\"\\d", new[] { "abcd" })]
    [InlineData("\"a\\\"b\\\\c\\$d\\`e\\f'g\"", new[] { "a\"b\\c$d`e\\f'g" })]
    [InlineData("'a\\'", new[] { "a\\" })]
    [InlineData("a\\\nb \\\n c", new[] { "ab", "c" })]
    [InlineData("echo $HOME *.c | cat > x; #no & `y`", new[] { "echo", "$HOME", "*.c", "|", "cat", ">", "x;", "#no", "&", "`y`" })]
    [InlineData("größe 'é x'", new[] { "größe", "é x" })]
    public void Splits_as_a_shell_does(string text, string[] expected)
    {
        Assert.True(Words.TrySplit(text, out var words, out var error), error);
        Assert.Equal(expected, words);
    }

    [Theory]
    [InlineData("a 'b", "the single quote at character 3 is not closed")]
    [InlineData("\"b\\\"", "the double quote at character 1 is not closed")]
    [InlineData("a \\", "it ends with a backslash, which has nothing to escape")]
    public void Says_where_it_cannot(string text, string expected)
    {
        Assert.False(Words.TrySplit(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public async Task Agrees_with_the_shell_on_whatever_it_takes()
    {
        // Many texts in one shell: each line of what it prints is the words of one text, each behind a bar; what it refuses is "refused".
        var texts = Gen.Char["ab'\"\\ \t"].Array[0, 9].Select(characters => new string(characters)).Array[400].Single();
        var script = string.Join('\n', texts.Select(text => $"(eval 'set -- '{Quote(text)}'; printf \"|%s\" \"$@\"; echo') 2>/dev/null || echo refused"));
        var output = new OutputCapture(limit: 1024 * 1024);
        Assert.True(_spawner.TryStart(new CommandSpec(["/bin/dash", "-c", script]) { Output = output }, out var child, out var error), error);
        await child.Exited.WaitAsync(TimeSpan.FromSeconds(60));
        var answers = output.ToString().Split('\n');
        for (var i = 0; i < texts.Length; i++)
        {
            var ours = Words.TrySplit(texts[i], out var words, out var mistake) ? string.Concat((words.Count == 0 ? [""] : words).Select(word => "|" + word)) : "refused";

            // To the shell a backslash at the very end is itself; to us it is a mistake, as something seems to be missing.
            if (mistake?.Contains("backslash", StringComparison.Ordinal) == true) continue;
            Assert.True(ours == answers[i], $"[{texts[i]}]: the shell says {answers[i]}, Words says {ours}");
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
