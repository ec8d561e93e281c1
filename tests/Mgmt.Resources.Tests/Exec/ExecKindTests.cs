using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Exec;

namespace Mgmt.Resources.Tests.Exec;

public sealed class ExecKindTests : ExecFixture
{
    [Fact]
    public void A_command_is_required() => Assert.Equal(["cannot do without cmd: write the command to run"], Problems());

    [Fact]
    public void Quotes_must_close_where_no_shell_reads_them()
    {
        Assert.Equal(["cannot use cmd \"a 'b\": the single quote at character 3 is not closed"], Problems(("cmd", "a 'b")));
        Assert.Equal(["cannot use ifcmd \"\"\": the double quote at character 1 is not closed"], Problems(("cmd", "a"), ("ifcmd", "\"")));
        Assert.Equal(["cannot use watchcmd \"''\": it names no program"], Problems(("cmd", "a"), ("watchcmd", "''")));
        Assert.Empty(Problems(("cmd", "a 'b"), ("shell", "bash"), ("ifcmd", "\""), ("ifshell", "sh")));
    }

    [Fact]
    public void A_shell_needs_its_command() =>
        Assert.Equal(["cannot use ifshell without ifcmd"], Problems(("cmd", "a"), ("ifshell", "sh")));

    [Theory]
    [InlineData("cmd", " ", "it is empty")]
    [InlineData("cmd", "a\0b", "it contains a null character")]
    [InlineData("shell", "sh 'x", "the single quote at character 4 is not closed")]
    [InlineData("shell", " ", "it names no program")]
    [InlineData("cwd", "here", "it is not an absolute path")]
    [InlineData("creates", "there", "it is not an absolute path")]
    [InlineData("timeout", -1L, "it is less than 0")]
    public void Fields_are_checked(string name, object value, string expected) => Assert.Equal(expected, Field(name).Check(value));

    [Fact]
    public void Variables_are_checked()
    {
        Assert.Null(Field("env").Check(new TextMap([new("A", "=")])));
        Assert.Equal("\"A=B\" cannot be the name of a variable", Field("env").Check(new TextMap([new("A=B", "")])));
        Assert.Equal("\"\" cannot be the name of a variable", Field("env").Check(new TextMap([new("", "")])));
        Assert.Equal("variable A contains a null character", Field("env").Check(new TextMap([new("A", "\0")])));
    }

    [Theory]
    [InlineData("cmd=/bin/a b", "/bin/a")]
    [InlineData("cmd='/opt/my tool/x' y", "/opt/my tool/x")]
    [InlineData("cmd=//bin//a", "/bin/a")]
    [InlineData("cmd=a /b", "/p/a /q/a")]
    [InlineData("cmd=./a /b", "")]
    [InlineData("cmd=/a|shell=/bin/bash -e", "/bin/bash /a")]
    [InlineData("cmd=echo 'it|shell=bash", "/p/bash /q/bash /p/echo /q/echo")]
    [InlineData("cmd=/a|ifcmd=/b|ifshell=/bin/sh|watchcmd=/c|watchshell=/bin/sh", "/a /bin/sh /c /b")]
    public void An_exec_comes_after_the_programs_that_it_runs(string written, string expected)
    {
        var kind = new ExecKind(Spawner, Time);
        var environment = ("env", (object)new TextMap([new("PATH", "/p:not/absolute:/q/:/p")]));
        var values = Values(kind, [environment, .. written.Split('|').Select(field => field.Split('=')).Select(pair => (pair[0], (object)pair[1]))]);
        var ties = kind.Tie(new ResourceSpec(new Address("exec", "one"), kind, values, Meta.Default, default));
        Assert.Empty(ties.Identities);
        foreach (var space in new[] { "path", "program" })
        {
            var wished = ties.Wishes.Where(wish => wish.Alternatives.First().Space == space).SelectMany(wish => wish.Alternatives).Select(one => one.Key);
            Assert.Equal(expected, string.Join(' ', wished));
        }
    }

    private Field Field(string name) => new ExecKind(Spawner, Time).Fields.TryFind(name, out var field) ? field : throw new ArgumentException(name);

    private IEnumerable<string> Problems(params (string Name, object Value)[] fields)
    {
        var kind = new ExecKind(Spawner, Time);
        return kind.Check("one", Values(kind, fields)).Select(problem => problem.Message);
    }
}
