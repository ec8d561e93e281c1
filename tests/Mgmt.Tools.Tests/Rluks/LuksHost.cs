using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mgmt.Tools.Tests.Rluks;

/// <summary>A host named box, reached by a loopback sshd of its own in a mount namespace of its own, with three disks: data and more have one passphrase, other has another one. Ended by the ids of what was started.</summary>
public sealed class LuksHost : IAsyncLifetime
{
    /// <summary>All that a shell, an end of line or a keyboard could spoil.</summary>
    public const string Passphrase = "  it's \"a\" $(secret) \\ pässword! ";

    public const string OtherPassphrase = "another";

    public static readonly IReadOnlyDictionary<string, string> Disks = new Dictionary<string, string>
    {
        ["data"] = "5f7c9e6a-3b1d-4b8e-9a55-0f2f6f0c7d11",
        ["more"] = "0b9d2c5e-8a36-4a9b-8a0f-6d8f0f6a2e42",
        ["other"] = "b51d7f0e-52a5-4f1c-8d38-4a1d2f0e9c77",
    };

    private static readonly Dictionary<string, string?> Plain = new() { ["LC_ALL"] = "C.UTF-8" };

    private readonly string _root = Directory.CreateTempSubdirectory("mgmt-rluks-").FullName;
    private readonly List<string> _loops = [];
    private Command? _sshd;

    public string this[string name] => Path.Combine(_root, name);

    /// <summary>A path as the host has it.</summary>
    public string Inside(string path) => $"/proc/{_sshd!.Id}/root{path}";

    public string Mounts => File.ReadAllText($"/proc/{_sshd!.Id}/mountinfo");

    public Dictionary<string, string?> Environment { get; } = [];

    public async Task InitializeAsync()
    {
        if (!LuksFactAttribute.CanRun) return;
        Directory.CreateDirectory(this["bin"]);
        Directory.CreateDirectory(this["tmp"]);
        if (LuksFactAttribute.Real is false) File.Copy(Path.Combine(Sources, "cryptsetup"), this["bin/cryptsetup"]);
        foreach (var (name, uuid) in Disks) await MakeDiskAsync(name, uuid, name == "other" ? OtherPassphrase : Passphrase);
        await File.WriteAllLinesAsync(this["disks"], Disks.Values.Zip(_loops, static (uuid, device) => $"{uuid} {device}"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", this["host_key"]);
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", this["user_key"]);
        await StartAsync();
        await File.WriteAllTextAsync(this["map"], string.Concat(Disks.Select(static disk => $"box {disk.Key} {disk.Value}\n")) + "box gone 00000000-0000-0000-0000-000000000000\n");

        // Every argument and the environment of every ssh that is started are kept.
        await File.WriteAllTextAsync(this["ssh"], $"#!/bin/sh\n{{ echo \"$@\"; env; }} >>{this["ssh.calls"]}\nexec ssh -F {this["ssh_config"]} \"$@\"\n");
        File.SetUnixFileMode(this["ssh"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment["PATH"] = $"{Command.Tools}:{System.Environment.GetEnvironmentVariable("PATH")}";
        Environment["RLUKS_SSH"] = this["ssh"];
        Environment["RLUKS_MAP"] = this["map"];
        Environment["TMPDIR"] = this["tmp"];
        Environment["LC_ALL"] = "C.UTF-8";
    }

    public async Task DisposeAsync()
    {
        try
        {
            if (_sshd is not null) await EndAsync(_sshd);
        }
        finally
        {
            foreach (var loop in _loops) await RunAsync("losetup", "-d", loop);
            Directory.Delete(_root, recursive: true);
        }
    }

    /// <summary>Calls rluks with these lines as its input.</summary>
    public async Task<(int ExitCode, string Output)> RluksAsync(string input, params string[] arguments)
    {
        await using var rluks = Command.Start(_root, Environment, ["rluks", .. arguments]);
        await rluks.WriteAsync(input);
        rluks.EndInput();
        return (await rluks.ExitAsync(), rluks.Seen);
    }

    /// <summary>Calls rluks on a terminal, which script(1) plays.</summary>
    internal Command OnTerminal(string command) => Command.Start(_root, Environment, "script", "-qefc", command, "/dev/null");

    /// <summary>The map with these lines, or as it is.</summary>
    public void UseMap(string name, params string[] lines)
    {
        if (lines.Length > 0) File.WriteAllLines(this[name], lines);
        Environment["RLUKS_MAP"] = this[name];
    }

    /// <summary>Everything closed, for the next test.</summary>
    public async Task UmountAsync()
    {
        var (exitCode, output) = await RluksAsync("", "umount", "box", "--all");
        Assert.True(exitCode == 0, output);
    }

    private static string Sources => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Rluks"));

    private static async Task<string> RunAsync(params string[] words)
    {
        var (exitCode, output) = await Command.RunAsync("/", Plain, words);
        Assert.True(exitCode == 0, $"{string.Join(' ', words)}: {output}");
        return output.Trim();
    }

    private async Task EndAsync(Command sshd)
    {
        try
        {
            await UmountAsync();
        }
        finally
        {
            sshd.Signal(Signal.Terminate);
            await sshd.ExitAsync();
            await sshd.DisposeAsync();
        }
    }

    private async Task MakeDiskAsync(string name, string uuid, string passphrase)
    {
        var image = this[name + ".image"];
        await using (var file = File.Create(image)) file.SetLength(64 << 20);
        var loop = await RunAsync("losetup", "--find", "--show", image);
        _loops.Add(loop);
        await File.WriteAllTextAsync(this["key-" + uuid], passphrase);
        if (LuksFactAttribute.Real is false)
        {
            await RunAsync("mkfs.ext4", "-q", loop);
            return;
        }

        await RunAsync("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--uuid", uuid, "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "--key-file", this["key-" + uuid], loop);
        await RunAsync("cryptsetup", "open", "--key-file", this["key-" + uuid], loop, "mgmt-" + name);
        await RunAsync("mkfs.ext4", "-q", "/dev/mapper/mgmt-" + name);
        await RunAsync("cryptsetup", "close", "mgmt-" + name);
    }

    private async Task StartAsync()
    {
        using (var port = new TcpListener(IPAddress.Loopback, 0))
        {
            // Whoever listens there when sshd begins would show in its log.
            port.Start();
            WriteConfigurations(((IPEndPoint)port.LocalEndpoint).Port);
        }

        var kind = LuksFactAttribute.Real ? "real" : "stub";
        _sshd = Command.Start(_root, Plain, "unshare", "--mount", "--propagation", "private", Path.Combine(Sources, "luks-host"), _root, kind);
        await _sshd.TextAsync("Server listening");
    }

    private void WriteConfigurations(int port)
    {
        var number = port.ToString(CultureInfo.InvariantCulture);
        File.WriteAllLines(this["sshd_config"], ["ListenAddress 127.0.0.1", "Port " + number, "HostKey " + this["host_key"], "AuthorizedKeysFile " + this["user_key.pub"], "StrictModes no", "UsePAM no", "PidFile none", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "MaxStartups 100", $"SetEnv PATH={this["bin"]}:/usr/sbin:/usr/bin:/sbin:/bin LUKS_STUB={_root}"]);
        File.WriteAllLines(this["ssh_config"], ["Host box backup", "HostName 127.0.0.1", "Port " + number, "User root", "IdentityFile " + this["user_key"], "IdentitiesOnly yes", "StrictHostKeyChecking accept-new", "UserKnownHostsFile " + this["known_hosts"],
            "Host nowhere", "HostName 127.0.0.1", "Port 1"]);
    }
}
