using Mgmt.Linux.Files;
using Mgmt.Tests;
using static Mgmt.Linux.Tests.Files.FileWriterTests;

namespace Mgmt.Linux.Tests.Files;

/// <summary>What goes wrong: each leaves what was there, and nothing else, and says what to do.</summary>
public sealed class TroubleTests
{
    [RootFact]
    public Task Full_disk() => InMount("size=64k", async (scratch, writer) =>
    {
        var path = new FilePath(scratch.At("m/f"));
        await writer.WriteAsync(path, Content("old"), default, force: false, default);
        await Fails(() => writer.WriteAsync(path, Content(new string('x', 200_000)), default, force: false, default), $"cannot write {path}: no space left on device (ENOSPC); free some space");
        Assert.Equal("old", scratch.Read("m/f"));
        Assert.Equal("m m/f", scratch.Names());
    });

    [RootFact]
    public Task Read_only_file_system() => InMount("size=64k", async (scratch, writer) =>
    {
        var path = new FilePath(scratch.At("m/f"));
        await writer.WriteAsync(path, Content("old"), default, force: false, default);
        Shell.Run($"mount -o remount,ro {scratch.At("m")}");
        await Fails(() => writer.WriteAsync(path, Content("new"), default, force: false, default), "EROFS");
        Assert.Throws<FileException>(() => new FileRights(0, null, null).Set(path.Full, FileStatus.Look(path.Full)!.Value));
        Assert.Equal("old", scratch.Read("m/f"));
    });

    [RootFact]
    public async Task Immutable_file()
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        var path = new FilePath(scratch.Put("f", "old"));
        Assert.Equal("", Shell.Run($"chattr +i {path}"));
        await Fails(() => writer.WriteAsync(path, Content("new"), default, force: false, default), "EPERM", "chattr -i");
        Assert.Equal("old", scratch.Read("f"));
        Assert.Equal("f", scratch.Names());
    }

    [RootFact]
    public Task Trees_with_a_mount_in_them_stay() => InMount("size=64k", async (scratch, writer) =>
    {
        scratch.Put("m/keep", "x");
        var path = new FilePath(scratch.Path);
        await Fails(() => writer.WriteAsync(path, Content("new"), default, force: true, default), "is a mount point; unmount it first");
        await Fails(() => new ValueTask<long>(writer.RemoveAsync(path, withContent: true).AsTask().ContinueWith(task => { task.GetAwaiter().GetResult(); return 0L; }, TaskScheduler.Default)), "is a mount point");
        using var folder = Folder.Open(scratch.Path);
        var fault = Assert.Throws<FileException>(() => TreeRemover.Remove(folder, new FileName("m")));
        Assert.Contains("EBUSY", fault.Message, StringComparison.Ordinal);
        Assert.Equal("x", scratch.Read("m/keep"));
    });

    [RootFact]
    public async Task Devices_fifos_and_sockets_are_refused_without_waiting()
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, default);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(scratch.At("s")));
        Shell.Run($"cd {scratch.Path} && mkfifo p && mknod n c 1 3 && mknod b b 7 99");
        var before = scratch.Snapshot();
        foreach (var (name, words) in new[] { ("p", "fifo"), ("n", "character device"), ("b", "block device"), ("s", "socket") })
        {
            var path = new FilePath(scratch.At(name));
            await Fails(() => writer.WriteAsync(path, Content("new"), default, force: true, default), words);
            Assert.False(Content("").IsAt(path.Full, FileStatus.Look(path.Full)!.Value));
            Assert.Throws<FileException>(() => SourceContent.Open(path));
        }

        Assert.Equal(before, scratch.Snapshot());
    }

    [Fact]
    public async Task Way_that_is_missing_or_blocked()
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        scratch.Put("file", "x");
        await Fails(() => writer.WriteAsync(new FilePath(scratch.At("no/f")), Content("new"), default, force: false, default), $"cannot open the directory {scratch.At("no")}", "ENOENT");
        await Fails(() => writer.WriteAsync(new FilePath(scratch.At("file/f")), Content("new"), default, force: false, default), "ENOTDIR");
        Assert.Throws<FileException>(() => FolderMaker.MakeMissing(scratch.At("file/a/b")));
        Shell.Run($"cd {scratch.Path} && ln -s a b && ln -s b a");
        await Fails(() => writer.WriteAsync(new FilePath(scratch.At("a/f")), Content("new"), default, force: false, default), "ELOOP");
        Assert.Equal("a b file", scratch.Names());
    }

    private static async Task Fails(Func<ValueTask<long>> act, params string[] words)
    {
        var fault = await Assert.ThrowsAsync<FileException>(async () => await act());
        Assert.StartsWith("cannot ", fault.Message, StringComparison.Ordinal);
        foreach (var word in words) Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    private static async Task InMount(string options, Func<Scratch, FileWriter, Task> test)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        Directory.CreateDirectory(scratch.At("m"));
        Assert.Equal("", Shell.Run($"mount -t tmpfs -o {options} tmpfs {scratch.At("m")}"));
        try
        {
            await test(scratch, writer);
        }
        finally
        {
            Shell.Run($"umount -l {scratch.At("m")}");
        }
    }
}
