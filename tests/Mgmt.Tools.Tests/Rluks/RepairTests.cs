namespace Mgmt.Tools.Tests.Rluks;

/// <summary>Whatever fails is said, and leaves a state from which the next call goes on.</summary>
public sealed class RepairTests(LuksHost host) : IClassFixture<LuksHost>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (!LuksFactAttribute.CanRun) return;
        host.UseMap("map");
        await host.UmountAsync();
    }

    [StubFact]
    public async Task AConnectionThatIsLostInTheMiddleIsGoneOnFrom()
    {
        await File.WriteAllTextAsync(host["cut"], "");
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data", "more");
        Assert.Equal(1, exitCode);
        Assert.Contains("✗ data: the connection to box is lost", output, StringComparison.Ordinal);
        Assert.Contains("✗ more: not tried, as box is lost", output, StringComparison.Ordinal);
        Assert.Contains("box   data   open, not mounted", (await host.RluksAsync("", "status", "box")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "✓ data: open already\n✓ data: mounted on /mnt/data\n"), await host.RluksAsync("", "mount", "box", "data"));
    }

    [LuksFact]
    public async Task WhatIsOpenAndCouldNotBeMountedIsMountedTheNextTime()
    {
        host.UseMap("file", $"box data {LuksHost.Disks["data"]} /mnt/file");
        await File.WriteAllTextAsync(host.Inside("/mnt/file"), "in the way");
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        File.Delete(host.Inside("/mnt/file"));
        Assert.Equal(1, exitCode);
        Assert.Contains("✓ data: opened", output, StringComparison.Ordinal);
        Assert.Contains("✗ data: cannot mount: ", output, StringComparison.Ordinal);
        Assert.Contains("it is open: rluks umount box data closes it", output, StringComparison.Ordinal);
        Assert.Equal((0, "✓ data: open already\n✓ data: mounted on /mnt/file\n"), await host.RluksAsync("", "mount", "box", "data"));
    }

    [LuksFact]
    public async Task WhatIsInUseStaysUntilItIsFree()
    {
        await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        await using (File.Create(host.Inside("/mnt/data/busy")))
        {
            var (exitCode, output) = await host.RluksAsync("", "umount", "box", "data");
            Assert.Equal(1, exitCode);
            Assert.Contains("✗ data: cannot unmount: ", output, StringComparison.Ordinal);
            Assert.Contains("target is busy", output, StringComparison.Ordinal);
            Assert.Contains("nothing was closed", output, StringComparison.Ordinal);
            Assert.Contains("mounted on /mnt/data\n", (await host.RluksAsync("", "status", "box", "data")).Output, StringComparison.Ordinal);
        }

        Assert.Equal((0, "✓ data: unmounted /mnt/data\n✓ data: closed\n"), await host.RluksAsync("", "umount", "box", "data"));
    }

    [LuksFact]
    public async Task ADiskThatIsNotThereStopsNoOther()
    {
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "gone", "data");
        Assert.Equal(1, exitCode);
        Assert.Contains("✗ gone: no disk with UUID 00000000-0000-0000-0000-000000000000 on box: is it attached?", output, StringComparison.Ordinal);
        Assert.Contains("✓ data: mounted on /mnt/data", output, StringComparison.Ordinal);
        Assert.Contains("box   gone   no such disk", (await host.RluksAsync("", "status")).Output, StringComparison.Ordinal);
    }

    [LuksFact]
    public async Task WhatBelongsToOthersIsLeftAlone()
    {
        await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        host.UseMap("swapped", $"box data {LuksHost.Disks["more"]} /mnt/d", $"box more {LuksHost.Disks["other"]} /mnt/data");
        foreach (var verb in new[] { "mount", "umount" })
        {
            var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, verb, "box", "data");
            Assert.Equal(1, exitCode);
            Assert.Contains("✗ data: data on box is open on another disk (/", output, StringComparison.Ordinal);
        }

        Assert.Contains("✗ more: /mnt/data on box is in use by /", (await host.RluksAsync("", "mount", "box", "more")).Output, StringComparison.Ordinal);
        host.UseMap("moved", $"box data {LuksHost.Disks["data"]} /mnt/elsewhere");
        Assert.Contains("✗ data: is mounted on /mnt/data, not on /mnt/elsewhere: rluks umount box data first", (await host.RluksAsync("", "mount", "box", "data")).Output, StringComparison.Ordinal);
        Assert.Contains(" /mnt/data ", host.Mounts, StringComparison.Ordinal);
    }

    [LuksFact]
    public async Task AHostThatCannotBeReachedIsSaid()
    {
        host.UseMap("far", $"nowhere data {LuksHost.Disks["data"]}", $"box data {LuksHost.Disks["data"]}");
        var (exitCode, output) = await host.RluksAsync("", "status");
        Assert.Equal(1, exitCode);
        Assert.Contains("✗ nowhere: cannot be reached: ssh: connect to host 127.0.0.1 port 1: Connection refused", output, StringComparison.Ordinal);
        Assert.Contains("box      data  closed\n", output, StringComparison.Ordinal);
        Assert.Equal(1, (await host.RluksAsync("", "mount", "nowhere", "data")).ExitCode);
    }

    [LuksFact]
    public async Task AnOrdinaryLoginUsesSudo()
    {
        host.UseMap("ordinary", $"box data {LuksHost.Disks["data"]} /mnt/by-sudo");

        // A login that is not root, and sudo, are played: the one says so, the other does what it is asked.
        WriteProgram("id", "echo 1000");
        WriteProgram("sudo", $"{{ printf '%s ' \"$@\"; echo; }} >>{host["sudo.calls"]}\n[ \"$1 $2\" = '-n --' ] && shift 2 && exec \"$@\"");
        var (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        Assert.True(exitCode == 0, output);
        await host.UmountAsync();
        var calls = (await File.ReadAllLinesAsync(host["sudo.calls"])).Select(static call => string.Join(' ', call.Split(' ').Skip(2).Take(2))).Distinct();
        Assert.Superset(new HashSet<string> { "cryptsetup open", "cryptsetup close", "mount --", "umount --", "mkdir -p" }, calls.ToHashSet());

        WriteProgram("sudo", "echo 'sudo: a password is required' >&2; exit 1");
        (exitCode, output) = await host.RluksAsync(LuksHost.Passphrase, "mount", "box", "data");
        File.Delete(host["bin/id"]);
        File.Delete(host["bin/sudo"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("✗ data: cannot be root on box: log in as root, or let sudo run cryptsetup", output, StringComparison.Ordinal);
    }

    private void WriteProgram(string name, string text)
    {
        File.WriteAllText(host["bin/" + name], $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(host["bin/" + name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
