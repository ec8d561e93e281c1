using Mgmt.Linux.Files;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Files;

public sealed class FolderSwapTests
{
    [Fact]
    public void Two_directories_change_names_and_nothing_else_is_there()
    {
        using var scratch = new Scratch();
        var (one, other) = (Make(scratch, "one"), Make(scratch, "other"));
        FolderSwap.Swap(one, other);
        Assert.Equal(("other", "one"), (scratch.Read("one/file"), scratch.Read("other/file")));
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.GetDirectoryName(one)!).Length);
    }

    [Fact]
    public void Without_the_other_the_one_stays()
    {
        using var scratch = new Scratch();
        var one = Make(scratch, "one");
        var error = Assert.Throws<FileException>(() => FolderSwap.Swap(one, scratch.At("other")));
        Assert.StartsWith($"cannot swap {one} and {scratch.At("other")}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("one", scratch.Read("one/file"));
    }

    private static string Make(Scratch scratch, string name)
    {
        Directory.CreateDirectory(scratch.At(name));
        scratch.Put($"{name}/file", name);
        return scratch.At(name);
    }
}
