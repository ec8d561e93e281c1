using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Mgmt.Acceptance.Tests;

/// <summary>Encrypted disks, as people use them.</summary>
public sealed class DiskTests(ITestOutputHelper log)
{
    [NetworkFact]
    public async Task ADiskIsUnlockedHealedLockedAndUnlockedAgain()
    {
        log.WriteLine($"with {EncryptedDisk.Kind}");
        using var disk = new EncryptedDisk();
        await using var agent = disk.Start("--file", disk.Graph(), "--prefix", disk.Prefix, "--hostname", "box");
        await agent.LineAsync($"Luks[{disk.Name}]: needs a key; run: mgmt unlock {disk.Name}");
        await agent.LineAsync("converged: 1 checked, 0 changed, 0 failed, 0 blocked, 1 waiting");
        Assert.False(Directory.Exists(Inside(agent, disk.Point)));
        await StatusAsync(disk);

        var wrong = await EncryptedDisk.AskAsync(disk.WrongKeyFile, "unlock", disk.Name, "--prefix", disk.Prefix);
        Assert.True(wrong.ExitCode == 1 && wrong.Output.Contains("takes this passphrase", StringComparison.Ordinal), wrong.Output);
        Assert.Equal((0, $"{disk.Name} is unlocked"), await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--prefix", disk.Prefix));
        await agent.LineAsync($"Luks[{disk.Name}]: closed; opened with a passphrase");
        await agent.LineAsync($"Mount[{disk.Point}]: not mounted; made the directory, mounted");
        await agent.LineAsync($"File[{disk.Point}/hello]: missing; wrote 6 bytes");
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Inside(agent, $"{disk.Point}/hello")));
        Assert.Equal((0, $"{disk.Name} is open already"), await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--prefix", disk.Prefix));

        EncryptedDisk.Run(string.Create(CultureInfo.InvariantCulture, $"nsenter -t {agent.Id} -m umount {disk.Point}"));
        await agent.LineAsync($"Mount[{disk.Point}]: not mounted; mounted");

        Assert.Equal((0, $"{disk.Name} is locked"), await MgmtProcess.RunAsync("lock", disk.Name, "--prefix", disk.Prefix));
        await agent.LineAsync($"Luks[{disk.Name}]: locked on request, needs a key");
        await agent.LineAsync("converged");

        // Nothing was written to the directory that lies below.
        Assert.Empty(Directory.GetFileSystemEntries(Inside(agent, disk.Point)));
        Assert.False(Path.Exists(Inside(agent, $"/dev/mapper/{disk.Name}")));
        Assert.Equal((0, $"{disk.Name} is unlocked"), await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--prefix", disk.Prefix));
        await agent.LineAsync($"Mount[{disk.Point}]: not mounted; mounted");
        agent.Signal(Signal.Terminate);
        Assert.True(await agent.ExitAsync() == 0, agent.Seen);
        Assert.DoesNotContain(EncryptedDisk.Passphrase, agent.Seen, StringComparison.Ordinal);
    }

    [NetworkFact]
    public async Task AWaitingDiskHoldsUpNoTimeoutAndIsNotInOrder()
    {
        using var disk = new EncryptedDisk();
        await using var agent = disk.Start("--file", disk.Graph(), "--prefix", disk.Prefix, "--converged-timeout", "0");
        Assert.True(await agent.ExitAsync() == 1, agent.Seen);
        Assert.Contains("1 waiting", agent.Seen, StringComparison.Ordinal);
        var (exitCode, output) = await MgmtProcess.RunAsync("unlock", disk.Name, "--prefix", disk.Prefix);
        Assert.True(exitCode == 69, output);
    }

    /// <summary>At a terminal it is asked for three times at most, nothing of it is shown, and it can be corrected.</summary>
    [NetworkFact]
    public async Task ATerminalShowsNothingOfThePassphrase()
    {
        using var disk = new EncryptedDisk();
        await using var agent = disk.Start("--file", disk.Graph(), "--prefix", disk.Prefix);
        await agent.LineAsync("converged");
        var (shown, exitCode) = await TypeAsync(disk, "secret one\n", "\n");
        Assert.True(exitCode == 1 && shown.Contains("empty", StringComparison.Ordinal), shown);
        (shown, exitCode) = await TypeAsync(disk, "secret one\n", "secret two\n", "secret three\n");
        Assert.True(exitCode == 1, shown);
        (shown, exitCode) = await TypeAsync(disk, "secret\u0003");
        Assert.True(exitCode == 1 && shown.Contains("no passphrase", StringComparison.Ordinal), shown);
        (shown, exitCode) = await TypeAsync(disk, "secret one\n", $"secret\u0015{EncryptedDisk.Passphrase}öx\u007f\u007f\r");
        Assert.True(exitCode == 0, shown);
        Assert.Contains("is unlocked", shown, StringComparison.Ordinal);
    }

    [NetworkFact]
    public async Task AnotherHostOfTheMeshIsAskedItself()
    {
        using var disk = new EncryptedDisk();
        await using var voters = new Voters(secure: true);
        await voters.StartAllAsync();
        voters.Authority.Give(voters.Prefix(7), "n8", "agent", voters.Host(7));
        await using var agent = disk.Start(
            "--file", disk.Graph(), "--prefix", voters.Prefix(7), "--hostname", "n8", "--listen", $"{voters.Host(7)}:2379", "--raft-listen", $"{voters.Host(7)}:2380", "--advertise", voters.Host(7), "--peers", voters.Host(1));
        await agent.LineAsync("store: follows");
        await voters.AskAsync(0, "kv", "get", "mgmt/agents/n8", "--timeout", "30");
        var socket = Path.Combine(voters.Prefix(0), "agent.sock");
        string[] unlock = ["unlock", disk.Name, "--host", "n8", "--socket", socket];

        // The host's own certificate is a voter's, which does not do.
        var (exitCode, output) = await EncryptedDisk.AskAsync(disk.KeyFile, unlock);
        Assert.True(exitCode == 1 && output.Contains("from operators only", StringComparison.Ordinal), output);
        (exitCode, output) = await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--host", "n9", "--socket", socket);
        Assert.True(exitCode == 1 && output.Contains("no agent of the mesh runs on", StringComparison.Ordinal), output);

        voters.Authority.Give(voters.Path("op"), "admin", "operator", "127.0.0.1");
        File.Copy(Path.Combine(voters.Path("op"), "tls/cert.pem"), Path.Combine(voters.Prefix(0), "tls/operator.pem"));
        File.Copy(Path.Combine(voters.Path("op"), "tls/key.pem"), Path.Combine(voters.Prefix(0), "tls/operator.key"));
        Assert.Equal((0, $"{disk.Name} is unlocked"), await EncryptedDisk.AskAsync(disk.KeyFile, unlock));
        await agent.LineAsync($"File[{disk.Point}/hello]: missing; wrote 6 bytes");
        Assert.Equal((0, $"{disk.Name} is locked"), await MgmtProcess.RunAsync(["lock", .. unlock[1..]]));
        await agent.LineAsync("locked on request, needs a key");

        // Whoever the mesh's store says is there: only the host's own certificate opens the line.
        var card = (await voters.AskAsync(0, "kv", "get", "mgmt/agents/n8")).Split('\n')[1];
        await voters.AskAsync(0, "kv", "put", "mgmt/agents/n8", card.Replace(voters.Host(7), voters.Host(1), StringComparison.Ordinal));
        (exitCode, output) = await EncryptedDisk.AskAsync(disk.KeyFile, unlock);
        Assert.True(exitCode != 0 && output.Contains("its certificate is for n2", StringComparison.Ordinal), output);
    }

    [NetworkFact]
    public async Task TheExamplesOfMountsAndDisksDoAsTheySay()
    {
        using var disk = new EncryptedDisk();
        Assert.Equal(["luks1.yaml", "mount1.yaml"], Directory.GetFiles(ExampleTests.Examples, "*.yaml").Select(Path.GetFileName).OfType<string>().Where(ExampleTests.NeedsDisk).Order(StringComparer.Ordinal));
        await using var mount = MgmtProcess.Start(["-m", "--propagation", "private", MgmtProcess.Binary, "run", "--tmp-prefix", "--file", Example("mount1.yaml")], [], "unshare");
        await mount.LineAsync("File[file1]: missing; wrote 8 bytes");
        for (var i = 0; i < 20; i++)
        {
            // A file that is just being written has it busy for a moment.
            EncryptedDisk.Run(string.Create(CultureInfo.InvariantCulture, $"until nsenter -t {mount.Id} -m umount {disk.Root}/ram; do :; done"));
            await mount.LineAsync("Mount[ram]: not mounted; mounted tmpfs");
            await mount.LineAsync("File[file1]: missing; wrote 8 bytes");
        }

        // From out here the directory that lies below is seen: nobody took it for the mount.
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(disk.Root, "ram")));

        await using var luks = disk.Start("--prefix", disk.Prefix, "--file", Example("luks1.yaml"));
        await luks.LineAsync("needs a key");
        Assert.Equal(0, (await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--prefix", disk.Prefix)).ExitCode);
        await luks.LineAsync("File[file1]: missing; wrote 8 bytes");

        string Example(string name)
        {
            var text = File.ReadAllText(Path.Combine(ExampleTests.Examples, name)).Replace("/tmp/mgmt.img", disk.Loop, StringComparison.Ordinal).Replace("mydisk", disk.Name, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(disk.Root, name), text.Replace("/tmp/mgmt", disk.Root, StringComparison.Ordinal));
            return Path.Combine(disk.Root, name);
        }
    }

    [NetworkFact]
    public async Task ReadmesDiskWaitsForItsPassphrase()
    {
        using var disk = new EncryptedDisk();
        var graph = Path.Combine(disk.Root, "readme.yaml");
        await File.WriteAllTextAsync(graph, Here(Readme.Block("  luks:\n")));
        await using var agent = disk.Start("--file", graph, "--prefix", disk.Prefix);
        await ShowsAsync(Readme.After("  luks:\n"));
        var commands = Here(Readme.Block("mgmt unlock data --host")).Trim().Split('\n');
        Assert.StartsWith($"mgmt unlock {disk.Name} ", commands[0], StringComparison.Ordinal);
        Assert.Equal(0, (await EncryptedDisk.AskAsync(disk.KeyFile, "unlock", disk.Name, "--prefix", disk.Prefix)).ExitCode);
        await ShowsAsync(Readme.After("mgmt unlock data --host"));
        Assert.StartsWith($"mgmt lock {disk.Name} ", commands[2], StringComparison.Ordinal);
        Assert.Equal(0, (await MgmtProcess.RunAsync("lock", disk.Name, "--prefix", disk.Prefix)).ExitCode);

        async Task ShowsAsync(string told)
        {
            foreach (var line in Here(told).Trim().Split('\n').Select(Shown)) Assert.Equal(line, Shown(await agent.LineAsync(line.Split(' ')[1])));
        }

        // How often it looked is a matter of when the kernel told what.
        static string Shown(string line) => Regex.Replace(Readme.Mask(line), @"\d+ checked", "N checked");

        string Here(string text) => Regex.Replace(Regex.Replace(text, "UUID=[0-9a-f-]+", disk.Loop), @"(?<!/srv/)\bdata\b", disk.Name).Replace("/srv/data", disk.Point, StringComparison.Ordinal);
    }

    private static async Task StatusAsync(EncryptedDisk disk)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync("status", "--prefix", disk.Prefix);
        Assert.True(exitCode == 0, output);
        Assert.Contains("box: graph g converged", output, StringComparison.Ordinal);
        Assert.Contains($"Luks[{disk.Name}]: needs a key; run: mgmt unlock {disk.Name}", output, StringComparison.Ordinal);
        Assert.Contains($"Mount[{disk.Point}] on Luks[{disk.Name}]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("mesh", output, StringComparison.Ordinal);
    }

    private static string Inside(MgmtProcess agent, string path) => string.Create(CultureInfo.InvariantCulture, $"/proc/{agent.Id}/root{path}");

    /// <summary>Types each text at a prompt of its own.</summary>
    private static async Task<(string Shown, int ExitCode)> TypeAsync(EncryptedDisk disk, params string[] texts)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var terminal = Process.Start(new ProcessStartInfo("script", ["-qefc", $"{MgmtProcess.Binary} unlock {disk.Name} --prefix {disk.Prefix}; code=$?; stty -a | grep -ow -e -echo -e echo; exit $code", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var shown = new StringBuilder();
        var buffer = new char[256];
        var typed = 0;
        try
        {
            while (await terminal.StandardOutput.ReadAsync(buffer, late.Token) is > 0 and var count)
            {
                shown.Append(buffer, 0, count);
                if (typed >= texts.Length || shown.ToString().Split("Passphrase for").Length - 1 <= typed || !shown.ToString().TrimEnd('\r', '\n').EndsWith(": ", StringComparison.Ordinal)) continue;
                await terminal.StandardInput.WriteAsync(texts[typed++]);
                await terminal.StandardInput.FlushAsync(late.Token);
            }

            await terminal.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            terminal.Kill(entireProcessTree: true);
            throw new TimeoutException($"the terminal did not end; it showed:\n{shown}");
        }

        // And the terminal is as it was.
        Assert.Contains("\necho\r\n", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("-echo", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(EncryptedDisk.Passphrase, shown.ToString(), StringComparison.Ordinal);
        return (shown.ToString(), terminal.ExitCode);
    }
}
