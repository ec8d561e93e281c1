using System.Text.RegularExpressions;

namespace Mgmt.Tools.Tests.Rluks;

/// <summary>Disks of another host are opened and mounted, unmounted and closed, each step once.</summary>
public sealed class RluksTests(LuksHost host) : IClassFixture<LuksHost>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (!LuksFactAttribute.CanRun) return;
        host.UseMap("map");
        await host.UmountAsync();
    }

    [LuksFact]
    public async Task AStepIsDoneOnceAndSaysSo()
    {
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase + "\n", "mount", "box", "data");
        Assert.True(exitCode == 0, output);
        Assert.Matches("^✓ data: opened /[^\n]*\n✓ data: mounted on /mnt/data\n$", output);
        Assert.Contains(" /mnt/data ", host.Mounts, StringComparison.Ordinal);
        await File.WriteAllTextAsync(host.Inside("/mnt/data/kept"), "");

        Assert.Equal((0, "✓ data: open already\n✓ data: mounted on /mnt/data already\n"), await host.RluksAsync("", "mount", "box", "data"));
        Assert.Equal((0, "✓ data: unmounted /mnt/data\n✓ data: closed\n"), await host.RluksAsync("", "umount", "box", "data"));
        Assert.DoesNotContain(" /mnt/data ", host.Mounts, StringComparison.Ordinal);
        Assert.Equal((0, "✓ data: unmounted already\n✓ data: closed already\n"), await host.RluksAsync("", "umount", "box", "data"));

        await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        Assert.True(File.Exists(host.Inside("/mnt/data/kept")));
    }

    [LuksFact]
    public async Task AllDisksOfAHostAreAskedForAsLittleAsTheirPassphrasesDiffer()
    {
        host.UseMap("all", "box data " + LuksHost.Disks["data"], "box more " + LuksHost.Disks["more"] + " /mnt/data/sub", "box other " + LuksHost.Disks["other"] + " /mnt/deep/er");
        var (exitCode, output) = await host.RluksAsync($"{LuksHost.Passphrase}\n{LuksHost.OtherPassphrase}\n", "mount", "box", "--all");
        Assert.True(exitCode == 0, output);
        Assert.Equal(6, output.Split('✓').Length - 1);
        Assert.DoesNotContain("wrong", output, StringComparison.Ordinal);
        (exitCode, output) = await host.RluksAsync("", "status");
        Assert.Equal((0, "HOST  NAME   STATE\nbox   data   mounted on /mnt/data\nbox   more   mounted on /mnt/data/sub\nbox   other  mounted on /mnt/deep/er\n"), (exitCode, output));

        // What is mounted below another goes first, whatever order it is asked for.
        (exitCode, output) = await host.RluksAsync("", "umount", "box", "data", "more");
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("✓ more: unmounted /mnt/data/sub\n✓ more: closed\n✓ data: unmounted /mnt/data\n", output, StringComparison.Ordinal);
        Assert.Contains("box   data   closed\n", (await host.RluksAsync("", "status", "box")).Output, StringComparison.Ordinal);
    }

    [LuksFact]
    public async Task ThePassphraseIsInNoArgumentNoEnvironmentAndNoFile()
    {
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase + "\n", "mount", "box", "data", "more");
        Assert.True(exitCode == 0, output);
        var kept = Directory.EnumerateFiles(host["."], "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("key-", StringComparison.Ordinal) && !file.EndsWith(".image", StringComparison.Ordinal)).ToList();
        Assert.Contains(kept, static file => file.EndsWith("ssh.calls", StringComparison.Ordinal));
        Assert.All(kept, static file => Assert.DoesNotContain("(secret)", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(host["tmp"]));
    }

    [LuksFact]
    public async Task AWrongPassphraseAsksAgainThreeTimesAtMost()
    {
        var (exitCode, output) = await host.RluksAsync($"wrong\n{LuksHost.Passphrase}\\n\n{LuksHost.Passphrase}\n", "mount", "box", "data");
        Assert.True(exitCode == 0, output);
        Assert.Equal(3, output.Split("data: wrong passphrase").Length);
        await host.UmountAsync();

        (exitCode, output) = await host.RluksAsync($"1\n2\n3\n{LuksHost.Passphrase}\n", "mount", "box", "data");
        Assert.Equal(1, exitCode);
        Assert.Contains("none of three passphrases was right", output, StringComparison.Ordinal);
        (exitCode, output) = await host.RluksAsync("1\n", "mount", "box", "data");
        Assert.Equal(1, exitCode);
        Assert.Contains("no other passphrase in the input", output, StringComparison.Ordinal);
        Assert.Contains("box   data   closed", (await host.RluksAsync("", "status")).Output, StringComparison.Ordinal);
    }

    [LuksFact]
    public async Task OnATerminalItIsAskedForWithoutEcho()
    {
        await using var rluks = host.OnTerminal("rluks mount box data; echo ended; stty -a");
        await rluks.TextAsync("Passphrase of data on box: ");
        await rluks.WriteAsync("wrong-one\n");
        await rluks.TextAsync("data: wrong passphrase");
        await rluks.TextAsync("Passphrase of data on box: ");
        await rluks.WriteAsync(LuksHost.Passphrase + "\n");
        await rluks.TextAsync("✓ data: opened");
        await rluks.TextAsync("✓ data: mounted on /mnt/data\r\n");
        await rluks.TextAsync("ended");
        await rluks.TextAsync(" echo ");
        await rluks.ExitAsync();
        Assert.DoesNotContain("wrong-one", rluks.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", rluks.Seen, StringComparison.Ordinal);
    }

    [LuksFact]
    public async Task ReadmesSessionGoesAsItSays()
    {
        var session = Readme.Session("root@backup archive").ToList();
        host.UseMap("readme", session[0].Output.Split('\n'));
        await using (var rluks = host.OnTerminal(session[1].Command))
        {
            foreach (var answer in new[] { "wrong", LuksHost.Passphrase })
            {
                await rluks.TextAsync("Passphrase of archive on root@backup: ");
                await rluks.WriteAsync(answer + "\n");
            }

            Assert.Equal(0, await rluks.ExitAsync());
            Assert.Equal(Plain(session[1].Output), Plain(rluks.Seen.Replace("backup: \r\n", "backup:\n", StringComparison.Ordinal)));
        }

        foreach (var (_, command, output) in session[2..])
        {
            Assert.Equal((0, output + "\n"), await host.RluksAsync("", command.Split(' ')[1..]));
        }

        await host.RluksAsync("", "umount", "root@backup", "--all");

        // Which loop devices are free is this machine's business.
        static string Plain(string text) => Regex.Replace(text.ReplaceLineEndings("\n").Trim(), @"\S*/dev/loop\d+", "/dev/LOOP");
    }

    [LuksFact]
    public async Task CtrlCAtTheQuestionLeavesTheTerminalAsItWas()
    {
        await using var rluks = host.OnTerminal("trap : INT; rluks mount box data; echo ended $?; stty -a");
        await rluks.TextAsync("Passphrase of data on box: ");
        await rluks.WriteAsync("\x03");
        await rluks.TextAsync("ended by Ctrl-C");
        await rluks.TextAsync("ended 130");
        await rluks.TextAsync(" echo ");
        await rluks.ExitAsync();
        Assert.Empty(Directory.GetFileSystemEntries(host["tmp"]));
    }

    [LuksFact]
    public async Task NamesAndPathsAreNothingToTheShellThere()
    {
        host.UseMap("odd", $"box data {LuksHost.Disks["data"]} /mnt/it's;$(touch${{IFS}}/mnt/x)`touch${{IFS}}/mnt/y`&-\"*");
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("✓ data: mounted on /mnt/it's;$(touch${IFS}", output.Split('\n')[1], StringComparison.Ordinal);
        Assert.Equal((0, $"✓ data: open already\n{output.Split('\n')[1]} already\n"), await host.RluksAsync("", "mount", "box", "data"));
        Assert.Equal(0, (await host.RluksAsync("", "umount", "box", "data")).ExitCode);
        Assert.False(File.Exists(host.Inside("/mnt/x")) || File.Exists(host.Inside("/mnt/y")));
    }
}
