using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Inotify;

public sealed class LimitTests
{
    [RootFact]
    public void Reached_limits_are_told_with_the_sysctl_to_raise()
    {
        var instances = InNamespace("max_inotify_instances", 0);
        Assert.Contains("cannot watch files: ", instances, StringComparison.Ordinal);
        Assert.Contains("fs.inotify.max_user_instances", instances, StringComparison.Ordinal);
        var watches = InNamespace("max_inotify_watches", 2);
        Assert.Contains("cannot watch ", watches, StringComparison.Ordinal);
        Assert.Contains("fs.inotify.max_user_watches", watches, StringComparison.Ordinal);
        Assert.Equal("watched\n", InNamespace("max_inotify_watches", 100));
    }

    private static string InNamespace(string limit, int value) =>
        Shell.Run($"unshare -Ur sh -c 'echo {value} > /proc/sys/user/{limit} && exec dotnet {typeof(LimitTests).Assembly.Location} watch /usr/share/doc/nothing/here'");
}
