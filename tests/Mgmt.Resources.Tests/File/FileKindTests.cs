using Mgmt.Engine;

namespace Mgmt.Resources.Tests.File;

public sealed class FileKindTests
{
    [Theory]
    [InlineData("f", "cannot use the name \"f\" as the path: it is not an absolute path; begin it with \"/\", or write path: as well")]
    [InlineData("/a/../f", "cannot use the name \"/a/../f\" as the path: it has a \"..\" in it; write the path without, or write path: as well")]
    [InlineData("/f content=x source=/s", "cannot use content together with source: each says what the file is; leave one out")]
    [InlineData("/f content=x symlink=/s", "cannot use content together with symlink: each says what the file is; leave one out")]
    [InlineData("/d/ content=x", "cannot use content with the path \"/d/\": it ends in \"/\", so it is a directory; leave out the \"/\"")]
    [InlineData("/d/ symlink=x", "cannot use symlink with the path \"/d/\": it ends in \"/\", so it is a directory; leave out the \"/\"")]
    [InlineData("/d/ source=/s", "cannot copy \"/s\" to \"/d/\": that is a directory, and a source that is one ends in \"/\" | cannot copy the directory \"/s\" without recurse: true")]
    [InlineData("/d/ source=/s/", "cannot copy the directory \"/s/\" without recurse: true")]
    [InlineData("/d/ source=/d/s/ recurse=true", "cannot copy \"/d/s/\" to \"/d/\": one is inside of the other")]
    [InlineData("/d source=/s/", "cannot copy the directory \"/s/\" to \"/d\": the path of a directory ends in \"/\"")]
    [InlineData("/d source=/d", "cannot copy \"/d\" to itself")]
    [InlineData("/d purge=true", "cannot use purge with the path \"/d\": only a directory's path, which ends in \"/\", has it")]
    [InlineData("/d recurse=true", "cannot use recurse with the path \"/d\": only a directory's path, which ends in \"/\", has it")]
    [InlineData("/ purge=true", "cannot use state: absent or purge with the path \"/\": it would remove the whole host")]
    [InlineData("/ state=absent force=true", "cannot use state: absent or purge with the path \"/\": it would remove the whole host")]
    [InlineData("/f state=absent content=x", "cannot use content with state: absent: nothing shall be there; leave one out")]
    [InlineData("/f symlink=x mode=0644", "cannot use mode together with symlink: a symbolic link has none")]
    [InlineData("/f mode=0644 owner=root group=0 force=true", "")]
    [InlineData("f path=/f", "")]
    [InlineData("f dirname=/d/", "")]
    [InlineData("/d/ source=/s/ recurse=true purge=true", "")]
    [InlineData("/d/ state=absent recurse=true", "")]
    public async Task Fields_that_do_not_go_together_are_told(string written, string expected)
    {
        await using var bench = new Bench();
        var words = written.Split(' ');
        var values = bench.Values([.. words.Skip(1).Select(word => word.Split('=')).Select(pair => (pair[0], pair[1] == "true" ? true : (object)pair[1]))]);
        Assert.Equal(expected, string.Join(" | ", bench.Kind.Check(words[0], values).Select(problem => problem.Message)));
    }

    [Theory]
    [InlineData("mode", "9", "it is not an octal number such as \"0644\", up to \"7777\"")]
    [InlineData("mode", "17777", "it is not an octal number such as \"0644\", up to \"7777\"")]
    [InlineData("mode", "", "it is not an octal number such as \"0644\", up to \"7777\"")]
    [InlineData("mode", "7777", null)]
    [InlineData("path", "f", "it is not an absolute path; begin it with \"/\"")]
    [InlineData("path", "/a/./f", "it has a \".\" in it; write the path without")]
    [InlineData("path", "/a\0", "it has a NUL character in it")]
    [InlineData("basename", "a/b", "it is not one name; it has no \"/\" but at its end")]
    [InlineData("basename", "b/", null)]
    [InlineData("owner", "a:b", "it is neither a name nor a number")]
    [InlineData("symlink", "", "it is empty; write where the link shall lead")]
    [InlineData("symlink", "../a", null)]
    [InlineData("state", "gone", "it is none of exists, absent")]
    public async Task Values_are_checked_alone(string name, string value, string? expected)
    {
        await using var bench = new Bench();
        Assert.True(bench.Kind.Fields.TryFind(name, out var field));
        Assert.Equal(expected, field.Check(value));
    }

    [Fact]
    public async Task Path_is_put_together_from_its_halves()
    {
        await using var bench = new Bench();
        foreach (var (values, expected) in new[]
        {
            (bench.Values(("dirname", "/x/y")), "/x/y/b"),
            (bench.Values(("basename", "c")), "/a/c"),
            (bench.Values(("path", "/p//q"), ("basename", "c")), "/p/c"),
            (bench.Values(("path", "/p/q/"), ("dirname", "/")), "/q"),
        }) Assert.Equal(expected, Mgmt.Resources.File.FileWish.From("/a/b", values).Path.Text);
    }

    [Fact]
    public async Task Making_a_kind_and_resources_opens_nothing()
    {
        await using var bench = new Bench();
        bench.Make("f", ("content", "x"), ("owner", "nobody-of-that-name"));
        bench.Make("d/", ("source", "/nowhere/"), ("recurse", true), ("purge", true));
        bench.Kind.Manage([bench.Spec("f")]);
        await bench.Kind.DrainAsync(default);
        Assert.Equal("", bench.Scratch.Names());
    }

    [Theory]
    [InlineData("/a/b/c", "/a/b/c", "/a/b/ /a/ /")]
    [InlineData("/a/b/", "/a/b/", "/a/ /")]
    [InlineData("//a//b/", "/a/b/", "/a/ /")]
    [InlineData("/a", "/a", "/")]
    [InlineData("/", "/", "")]
    [InlineData("x dirname=/d/ basename=e", "/d/e", "/d/ /")]
    [InlineData("/a/b/ state=absent", "", "/a/ /")]
    public async Task A_file_is_its_path_and_comes_after_the_nearest_directory(string written, string identities, string wishes)
    {
        await using var bench = new Bench();
        var words = written.Split(' ');
        var values = bench.Values([.. words.Skip(1).Select(word => word.Split('=')).Select(pair => (pair[0], (object)pair[1]))]);
        var ties = bench.Kind.Tie(new ResourceSpec(new Address("file", words[0]), bench.Kind, values, Meta.Default, default));
        var paths = ties.Identities.Where(one => one.Space == "path").Select(one => one.Key);
        Assert.Equal(identities, string.Join(' ', paths));
        Assert.Equal(identities.Length == 0 ? "" : wishes.Split(' ')[0], string.Join(' ', ties.Identities.Where(one => one.Space == "in").Select(one => one.Key)));
        Assert.Equal(wishes, string.Join(' ', ties.Wishes[0].Alternatives.Select(one => one.Key)));

        // What is mounted at a directory is what is seen in it.
        Assert.Equal(identities.EndsWith('/') || written.EndsWith("/ state=absent", StringComparison.Ordinal) ? 2 : 1, ties.Wishes.Count);
        Assert.All(ties.Wishes.Skip(1), static one => Assert.Equal("mount", Assert.Single(one.Alternatives).Space));
    }
}
