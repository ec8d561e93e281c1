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
        Assert.Equal("watched\nheard\n", InNamespace("max_inotify_watches", 100));
    }

    [RootFact]
    public void Where_there_are_no_watches_left_the_rest_is_looked_at_which_is_said_once()
    {
        var told = InNamespace("max_inotify_watches", 2);
        Assert.Matches("""^cannot watch more directories by inotify: the user's limit is reached \(user\.max_inotify_watches = 2\); raise it with "sysctl user\.max_inotify_watches=524288",""", told);
        Assert.Single(told.Split('\n'), line => line.StartsWith("cannot", StringComparison.Ordinal));
        Assert.EndsWith("watched\nheard\n", told, StringComparison.Ordinal);
    }

    private static string InNamespace(string limit, int value) =>
        Shell.Run($"unshare -Ur sh -c 'echo {value} > /proc/sys/user/{limit} && exec dotnet {typeof(LimitTests).Assembly.Location} watch /tmp/mgmt-test-limit'");
}
