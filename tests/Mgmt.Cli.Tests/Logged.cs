using System.Buffers;
using System.Text;
using Mgmt.Cli.Logs;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Cli.Tests;

/// <summary>Reports, and how a view shows them.</summary>
internal static class Logged
{
    public static readonly Address F2 = new("file", "f2");
    public static readonly Address E1 = new("exec", "e1");
    public static readonly Address B = new("file", "b");

    /// <summary>Files that are watched in all ways.</summary>
    public static IReadOnlyList<WatchGroup> Groups { get; } =
    [
        new(WatchedBy.Fanotify, "/srv (ext4)", 9000, 10000), new(WatchedBy.Inotify, "/a\u001bb (overlay)", 1, 1), new(WatchedBy.Looking, "/ (ext4)", 1, 2),
    ];

    /// <summary>A clock that stands still, in UTC.</summary>
    public static FakeTimeProvider Noon()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 12, 0, 1, 123, TimeSpan.Zero));
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        return time;
    }

    public static TextLog Text(bool colors = false) => new(new Palette(colors), TimeZoneInfo.Utc);

    public static CheckReport Check(Address address, CheckResult result, double? retryIn = null) =>
        new(address, result, CheckReasons.Watch, TimeSpan.FromMilliseconds(0.3), retryIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    public static ConvergedReport Converged(int changed = 0, int failed = 0, params BlockedResource[] blocked) =>
        new(new RunSummary(4, changed, failed, blocked.Length, TimeSpan.FromSeconds(0.05)), blocked);

    /// <summary>What a view makes of the reports, without the time, which is always the same in text.</summary>
    public static string Show(this ILogView view, params Report[] reports)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var report in reports) view.Write(Noon().GetUtcNow(), report, output);
        return Encoding.UTF8.GetString(output.WrittenSpan)
            .Replace("12:00:01.123 ", "", StringComparison.Ordinal)
            .Replace("\"time\":\"2026-03-04T12:00:01.123Z\",\"host\":\"web\",", "", StringComparison.Ordinal);
    }
}
