using System.Diagnostics;

namespace Mgmt.Acceptance.Tests;

/// <summary>
/// An encrypted disk for one test: a real LUKS container where the kernel has dm-crypt and cryptsetup is installed; else a loop device with a plain file system, and
/// a stub for cryptsetup alone. Agents that keep it live in a mount namespace of their own.
/// </summary>
internal sealed class EncryptedDisk : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    // Without device-mapper, /dev/mapper is made in a /dev of the namespace's own.
    private const string OwnDevices =
        """
        set -e
        mkdir -p "$DISK_DIR/dev"
        mount -t tmpfs -o mode=755 devices "$DISK_DIR/dev"
        cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$DISK_LOOP" "$DISK_DIR/dev/"
        mkdir "$DISK_DIR/dev/mapper" "$DISK_DIR/dev/shm"
        ln -s /proc/self/fd "$DISK_DIR/dev/fd"
        mount --move "$DISK_DIR/dev" /dev
        exec "$@"
        """;

    private static readonly Lazy<bool> Real = new(static () => Run("modprobe -q dm_crypt 2>/dev/null; grep -q device-mapper /proc/misc && command -v cryptsetup >/dev/null && echo yes").Trim() == "yes");

    private readonly Workplace _place = new();

    public EncryptedDisk()
    {
        Run($"truncate -s 48M {_place["image"]}");
        Loop = Run($"losetup -f --show {_place["image"]}").Trim();
        KeyFile = _place.Write("passphrase", Passphrase);
        WrongKeyFile = _place.Write("wrong", "something else");
        if (!Real.Value)
        {
            Run($"mkfs.ext4 -q -F {Loop}");
            return;
        }

        Run($"cryptsetup -q luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file {KeyFile} {Loop} && cryptsetup open --key-file {KeyFile} {Loop} {Name} && mkfs.ext4 -q /dev/mapper/{Name}; cryptsetup close {Name}");
    }

    /// <summary>Which of the two it is.</summary>
    public static string Kind => Real.Value ? "real LUKS, as this kernel has dm-crypt" : "a stub for cryptsetup alone, as this kernel has no dm-crypt";

    /// <summary>Of the mapping: no other test's, nor anybody else's.</summary>
    public string Name { get; } = $"mgmt-test-{Guid.NewGuid():N}"[..18];

    public string Loop { get; }

    /// <summary>A file with the passphrase, and nothing else.</summary>
    public string KeyFile { get; }

    public string WrongKeyFile { get; }

    public string Root => _place.Root;

    public string Point => _place["mnt"];

    public string Prefix => _place["state"];

    /// <summary>A graph with the disk, its mount and a file on it.</summary>
    public string Graph() => _place.Write("graph.yaml",
        $$"""
        graph: g
        resources:
          luks: [{name: {{Name}}, device: {{Loop}}}]
          mount: [{name: {{Point}}, device: /dev/mapper/{{Name}}, fstype: ext4, options: noatime}]
          file: [{name: {{Point}}/hello, content: "hello\n"}]
        """);

    /// <summary>Starts an agent where the disk is.</summary>
    public MgmtProcess Start(params string[] arguments)
    {
        string[] command = [MgmtProcess.Binary, "run", .. arguments];
        var stub = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../fixture/cryptsetup-stub"));
        return MgmtProcess.Start(
            ["-m", "--propagation", "private", .. Real.Value ? command : ["sh", "-c", OwnDevices, "sh", .. command]],
            new() { ["DISK_DIR"] = Root, ["DISK_LOOP"] = Loop, ["STUB_DIR"] = Root, ["PATH"] = (Real.Value ? "" : stub + ":") + Environment.GetEnvironmentVariable("PATH") },
            "unshare");
    }

    /// <summary>Runs mgmt with a file as its standard input.</summary>
    public static async Task<(int ExitCode, string Output)> AskAsync(string input, params string[] arguments)
    {
        await using var mgmt = MgmtProcess.Start(["-c", "exec \"$@\" <\"$0\"", input, MgmtProcess.Binary, .. arguments], [], "sh");
        return (await mgmt.ExitAsync(), mgmt.Seen);
    }

    public static string Run(string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", commands]) { RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return output;
    }

    public void Dispose()
    {
        if (Real.Value) Run($"cryptsetup close {Name} 2>/dev/null");
        Run($"losetup -d {Loop}");
        _place.Dispose();
    }
}
