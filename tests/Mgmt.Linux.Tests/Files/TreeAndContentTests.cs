using Mgmt.Linux.Accounts;
using Mgmt.Linux.Files;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Files;

public sealed class TreeAndContentTests
{
    [Fact]
    public void Trees_of_any_depth_and_width_are_removed_and_links_are_not_followed()
    {
        using var scratch = new Scratch();
        Shell.Run($"cd {scratch.Path} && mkdir outside && echo > outside/keep && mkdir t && ln -s ../outside t/link && cd t && i=0; while [ $i -lt 300 ]; do mkdir w$i; echo > w$i/f; i=$((i+1)); done");
        Shell.Run($"cd {scratch.Path}/t && perl -e 'for (1..3000) {{ mkdir \"d\"; chdir \"d\"; symlink \"/\", \"l\" }}'");
        using var folder = Folder.Open(scratch.Path);
        TreeRemover.Remove(folder, new FileName("t"));
        Assert.Equal("outside outside/keep", scratch.Names());
        TreeRemover.Remove(folder, new FileName("t"));
    }

    [Fact]
    public void Names_that_are_not_text_are_listed_and_removed()
    {
        using var scratch = new Scratch();
        Shell.Run($"cd {scratch.Path} && mkdir t && touch \"t/$(printf 'a\\377b')\"");
        using var folder = Folder.Open(scratch.At("t"));
        Assert.False(Assert.Single(folder.List()).IsText);
        using var parent = Folder.Open(scratch.Path);
        TreeRemover.Remove(parent, new FileName("t"));
        Assert.Equal("", scratch.Names());
    }

    [Fact]
    public async Task Large_sources_are_compared_and_copied_without_loading_them()
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        Shell.Run($"head -c 67108864 /dev/urandom > {scratch.At("source")}");
        var target = new FilePath(scratch.At("target"));
        using var source = SourceContent.Open(new FilePath(scratch.At("source")));
        Assert.Equal(67108864, await writer.WriteAsync(target, source, default, force: false, default));
        using var folder = Folder.Open(scratch.Path);
        using var copy = NewFile.Create(folder, new FilePath(scratch.At("copy")), mayBeUnnamed: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        source.CopyTo(copy.Handle, "copy");
        Assert.True(source.IsAt(target.Full, FileStatus.Look(target.Full)!.Value));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 1 << 20, $"{allocated} bytes");
        Shell.Run($"printf x | dd of={target} bs=1 seek=60000000 conv=notrunc");
        Assert.False(source.IsAt(target.Full, FileStatus.Look(target.Full)!.Value));
    }

    [Fact]
    public void Verified_content_is_read_again_only_when_something_may_have_changed()
    {
        using var scratch = new Scratch();
        var path = new FilePath(scratch.Put("f", new string('a', 100_000)));
        var content = FileWriterTests.Content(new string('a', 100_000));
        var verified = new VerifiedContent();
        FileStatus Now() => FileStatus.Look(path.Full)!.Value;
        Assert.True(verified.IsAt(content, path, Now()));
        Assert.False(verified.IsRemembered);
        var old = Now() with { Changed = 1 };
        Assert.True(verified.IsAt(content, path, old));
        Assert.True(verified.IsRemembered);
        File.WriteAllText(path.Text, new string('b', 100_000));
        Assert.True(verified.IsAt(content, path, old));
        Assert.False(verified.IsAt(content, path, Now()));
        Assert.False(verified.IsAt(content, path, old));
    }

    [Fact]
    public void Missing_parents_are_counted_and_made()
    {
        using var scratch = new Scratch();
        Assert.Equal(3, FolderMaker.CountMissing(scratch.At("a/b/c")));
        Assert.Equal("", scratch.Names());
        Assert.Equal(3, FolderMaker.MakeMissing(scratch.At("a/b/c")));
        Assert.Equal(0, FolderMaker.MakeMissing(scratch.At("a/b/c")));
        Assert.Equal(1, FolderMaker.MakeMissing(scratch.At("a/b/d")));
        Assert.Equal("a d 755 4096\na/b d 755 4096\na/b/c d 755 4096\na/b/d d 755 4096\n", scratch.Stat());
    }

    [Fact]
    public void Accounts_are_found_by_name()
    {
        var accounts = new AccountNumbers(TimeProvider.System);
        Assert.Equal(0u, accounts.FindUser("root"));
        Assert.Equal(0u, accounts.FindGroup("root"));
        Assert.Null(accounts.FindUser("no-such-user-anywhere"));
        Assert.Null(accounts.FindGroup("no-such-group-anywhere"));
    }
}
