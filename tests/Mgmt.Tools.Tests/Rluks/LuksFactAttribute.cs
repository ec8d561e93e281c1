using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mgmt.Tools.Tests.Rluks;

/// <summary>A fact about encrypted disks, whose name says what they are: LUKS containers where the kernel has dm-crypt, else filesystems behind a stub for cryptsetup.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LuksFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> HasCrypt = new(OpensOne);

    public LuksFactAttribute([CallerMemberName] string name = "")
    {
        Name = name;
        DisplayName = $"{name} ({(Real ? "real LUKS containers" : "a stub for cryptsetup, as this kernel or machine has no dm-crypt")})";
    }

    public string Name { get; }

    public static bool Real => HasCrypt.Value;

    public static bool CanRun => Why is null;

    public override string? Skip
    {
        get => Why ?? base.Skip;
        set => base.Skip = value;
    }

    private static string? Why => !Environment.IsPrivilegedProcess ? "it makes a host of its own: run it as root"
        : !File.Exists("/usr/sbin/sshd") ? "sshd is not there: install openssh-server"
        : !File.Exists("/usr/sbin/mkfs.ext4") ? "mkfs.ext4 is not there: install e2fsprogs"
        : null;

    /// <summary>Whether this machine can open a container, which it shows by opening one.</summary>
    private static bool OpensOne()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/sbin/cryptsetup") || !File.Exists("/dev/mapper/control")) return false;
        var name = $"mgmt-probe-{Environment.ProcessId}";
        var script = "set -e; d=$(mktemp -d); trap 'rm -rf $d' EXIT; truncate -s 32M $d/i; printf k >$d/k; "
            + "cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file $d/k $d/i; "
            + $"cryptsetup open --key-file $d/k $d/i {name}; cryptsetup close {name}";
        using var probe = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}

/// <summary>A fact for which the stub for cryptsetup does something out of the ordinary.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StubFactAttribute : FactAttribute
{
    public StubFactAttribute([CallerMemberName] string name = "")
    {
        Name = name;
        DisplayName = $"{name} (a stub for cryptsetup)";
    }

    public string Name { get; }

    public override string? Skip
    {
        get => LuksFactAttribute.Real ? "here disks are real LUKS containers" : new LuksFactAttribute().Skip;
        set => base.Skip = value;
    }
}
