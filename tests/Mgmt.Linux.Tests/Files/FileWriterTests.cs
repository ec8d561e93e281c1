using System.Diagnostics;
using System.Text;
using Mgmt.Linux.Files;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Files;

public sealed class FileWriterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_and_replaced_files_have_content_and_rights_and_leave_nothing(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        var path = new FilePath(scratch.At("f"));
        Assert.Equal(3, await writer.WriteAsync(path, Content("one"), new FileRights(Convert.ToInt32("4750", 8), null, null), force: false, default));
        Assert.Equal("f f 4750 3\n", scratch.Stat());
        await writer.WriteAsync(path, Content("three"), default, force: false, default);
        Assert.Equal("f f 4750 5\n", scratch.Stat());
        Assert.Equal("three", scratch.Read("f"));
        await writer.WriteAsync(new FilePath(scratch.At("g")), LiteralContent.Empty, default, force: false, default);
        Assert.Equal("f f 4750 5\ng f 644 0\n", scratch.Stat());
    }

    [RootFact]
    public async Task Owner_is_set_and_kept()
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter();
        var path = new FilePath(scratch.At("f"));
        await writer.WriteAsync(path, Content("1"), new FileRights(null, 1234, 4321), force: false, default);
        await writer.WriteAsync(path, Content("2"), default, force: false, default);
        Assert.Equal("1234 4321", Shell.Run($"stat -c '%u %g' {path}").Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Readers_see_one_version_or_the_other_with_two_writers(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        var path = new FilePath(scratch.At("f"));
        await writer.WriteAsync(path, Content(new string('a', 65536)), default, force: false, default);
        var writers = Task.WhenAll("ab".Select(letter => Task.Run(async () =>
        {
            using var other = new FileWriter(new Flusher(), mayBeUnnamed);
            var content = Content(new string(letter, 65536));
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    await other.WriteAsync(path, content, default, force: false, default);
                }
                catch (FileException fault) when (!mayBeUnnamed && fault.Message.Contains("another process is writing", StringComparison.Ordinal))
                {
                    // Without nameless files the two may meet; then one of them says so, and both take turns again.
                    await Task.Yield();
                }
            }
        })));
        for (var reads = 0; !writers.IsCompleted; reads++)
        {
            var seen = scratch.Read("f");
            Assert.True(seen.Length == 65536 && seen.AsSpan().IndexOfAnyExcept(seen[0]) < 0, $"a mix after {reads} reads");
            await Task.Yield();
        }

        await writers;
        Assert.Equal("f", scratch.Names());
    }

    [Theory]
    [InlineData("write")]
    [InlineData("write-named")]
    public async Task Killed_writer_leaves_a_whole_file_and_the_next_run_cleans_up(string how)
    {
        using var scratch = new Scratch();
        var path = new FilePath(scratch.At("f"));
        for (var i = 0; i < 5; i++)
        {
            using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(FileWriterTests).Assembly.Location, how, path.Text]) { RedirectStandardOutput = true })!;
            Assert.Equal("round", await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            child.Kill();
            await child.WaitForExitAsync();
            var seen = scratch.Read("f");
            Assert.True(seen.Length == 65536 && seen.AsSpan().IndexOfAnyExcept(seen[0]) < 0);
            Leftover.Remove(path);
            Assert.Equal("f", scratch.Names());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leftover_is_in_nobodys_way(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        var path = new FilePath(scratch.At("f"));
        await writer.WriteAsync(path, Content("old"), default, force: false, default);
        foreach (var leftover in new[] { "echo half > .f.mgmt-new", "mkdir -p .f.mgmt-new/x/y", "ln -s f .f.mgmt-new" })
        {
            Shell.Run($"cd {scratch.Path} && {leftover}");
            await writer.WriteAsync(path, Content("new"), default, force: false, default);
            Assert.Equal("f", scratch.Names());
            Shell.Run($"cd {scratch.Path} && {leftover}");
            Assert.True(Leftover.Remove(path));
            Assert.False(Leftover.Remove(path));
            Assert.Equal("f", scratch.Names());
        }

        Assert.Equal("new", scratch.Read("f"));
    }

    [Fact]
    public void Leftover_that_somebody_writes_just_now_is_left_to_him()
    {
        using var scratch = new Scratch();
        var path = new FilePath(scratch.At("f"));
        using var folder = Folder.Open(scratch.Path);
        using (var file = NewFile.Create(folder, path, mayBeUnnamed: false))
        {
            Assert.False(Leftover.Remove(path));
            Assert.Equal(".f.mgmt-new", scratch.Names());
        }

        Assert.Equal("", scratch.Names());
    }

    [Fact]
    public void Path_is_what_is_named_when_its_leftover_cannot_be_looked_for()
    {
        var path = new FilePath($"/tmp/{new string('x', 300)}/f");
        var error = Assert.Throws<FileException>(() => Leftover.Remove(path));
        Assert.StartsWith($"cannot look at {path}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Link_at_the_path_is_replaced_and_what_it_leads_to_is_untouched(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        scratch.Put("precious", "keep me");
        Shell.Run($"cd {scratch.Path} && ln -s precious f");
        await writer.WriteAsync(new FilePath(scratch.At("f")), Content("mine"), default, force: false, default);
        Assert.Equal("keep me", scratch.Read("precious"));
        Assert.Equal("mine", scratch.Read("f"));
        Assert.Null(new FileInfo(scratch.At("f")).LinkTarget);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Longest_names_work(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        var (one, other) = (new string('x', 254) + "1", new string('x', 254) + "2");
        foreach (var name in new[] { one, other, one, other }) await writer.WriteAsync(new FilePath(scratch.At(name)), Content(name), default, force: false, default);
        Assert.Equal($"{one} {other}", scratch.Names());
        Assert.NotEqual(new FilePath(scratch.At(one)).Temporary, new FilePath(scratch.At(other)).Temporary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Directory_gives_way_only_by_force_and_in_one_step(bool mayBeUnnamed)
    {
        using var scratch = new Scratch();
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        Shell.Run($"cd {scratch.Path} && mkdir -p f/a/b outside && echo > f/a/b/c && echo > outside/keep && ln -s ../outside f/link");
        var path = new FilePath(scratch.At("f"));
        var fault = await Assert.ThrowsAsync<FileException>(async () => await writer.WriteAsync(path, Content("1"), default, force: false, default));
        Assert.Contains("EISDIR", fault.Message, StringComparison.Ordinal);
        Assert.Equal("f f/a f/a/b f/a/b/c f/link outside outside/keep", scratch.Names());
        await writer.WriteAsync(path, Content("1"), default, force: true, default);
        Assert.Equal("f outside outside/keep", scratch.Names());
        Assert.Equal("1", scratch.Read("f"));
        await writer.MakeFolderAsync(path, default, force: true);
        Assert.True(Directory.Exists(path.Text));
        Assert.Equal("f outside outside/keep", scratch.Names());
    }

    internal static LiteralContent Content(string text) => new(Encoding.UTF8.GetBytes(text));
}
