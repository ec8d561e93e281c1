using Mgmt.Linux.Mounts;
using Mgmt.Resources.Mount;

namespace Mgmt.Resources.Tests.Mount;

public sealed class MountOptionsTests
{
    [Theory]
    [InlineData("", "rw,relatime", "rw", "")]
    [InlineData("defaults", "ro,nosuid", "ro", "")]
    [InlineData("rw", "rw,relatime", "rw", "")]
    [InlineData("rw", "rw,relatime", "ro", "ro instead of rw")]
    [InlineData("ro", "rw", "rw", "rw instead of ro")]
    [InlineData("ro", "ro", "rw", "")]
    [InlineData("rw,ro", "rw", "rw", "rw instead of ro")]
    [InlineData("nosuid,nodev", "rw,nosuid", "rw", "no nodev")]
    [InlineData("suid", "rw,nosuid", "rw", "nosuid instead of suid")]
    [InlineData("noatime", "rw,relatime", "rw", "no noatime")]
    [InlineData("strictatime", "rw,relatime", "rw", "no strictatime")]
    [InlineData("strictatime", "rw", "rw", "")]
    [InlineData("size=1m", "rw", "rw,size=1024k", "")]
    [InlineData("size=2m", "rw", "rw,size=1024k", "size=1024k instead of size=2m")]
    [InlineData("size=50%", "rw", "rw,size=1024k", "")]
    [InlineData("mode=0755", "rw", "rw,mode=755", "")]
    [InlineData("mode=1777", "rw", "rw,mode=755", "mode=755 instead of mode=1777")]
    [InlineData("uid=alice", "rw", "rw,uid=1000", "")]
    [InlineData("commit=30", "rw", "rw,commit=5", "commit=5 instead of commit=30")]
    [InlineData("commit=30", "rw", "rw", "")]
    [InlineData("discard", "rw", "rw", "")]
    [InlineData("discard", "rw", "rw,nodiscard", "nodiscard instead of discard")]
    [InlineData("noauto,nofail,_netdev,x-systemd.automount,bind", "rw", "rw", "")]
    [InlineData("context=\"system_u:object_r:a:s0,c1\",ro", "ro", "rw,context=\"system_u:object_r:a:s0,c1\"", "")]
    public void What_the_kernel_shows_otherwise_is_found(string wished, string options, string superOptions, string expected) =>
        Assert.Equal(expected, string.Join("; ", MountOptions.Differing(wished, new MountEntry(1, 0, 0, "/", "/mnt", options, "ext4", "/dev/x", superOptions))));

    [Theory]
    [InlineData("ro,noatime", true)]
    [InlineData("context=\"a,b\"", true)]
    [InlineData("ro,,rw", false)]
    [InlineData("remount,ro", false)]
    [InlineData("make-private", false)]
    [InlineData("ro noatime", false)]
    public void Options_are_checked(string options, bool isRight) => Assert.Equal(isRight, MountOptions.Check(options) is null);

    [Theory]
    [InlineData("/", false)]
    [InlineData("/proc", false)]
    [InlineData("/usr/", false)]
    [InlineData("//etc", false)]
    [InlineData("/srv/../etc", false)]
    [InlineData("srv", false)]
    [InlineData("/boot", true)]
    [InlineData("/mnt/data", true)]
    public void Not_everything_is_a_place_to_mount_at(string path, bool isRight) => Assert.Equal(isRight, MountFields.CheckPath(path) is null);
}
