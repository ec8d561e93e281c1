using System.Reflection;
using Xunit.Sdk;

namespace Mgmt.Linux.Tests.Inotify;

/// <summary>By what a test has its paths watched.</summary>
public enum Watching
{
    Inotify,
    Fanotify,
    Looking,
}

/// <summary>Runs a test once for each way of watching, and for each value; fanotify needs root and is left out elsewhere, as the facts of its own tests say.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WatchersAttribute(params string[] values) : DataAttribute
{
    public string[] Values => values;

    public bool ByLooking { get; set; } = true;

    public bool NeedsRoot { get; set; }

    public override string? Skip
    {
        get => NeedsRoot && !Environment.IsPrivilegedProcess ? "needs root" : base.Skip;
        set => base.Skip = value;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var ways = Enum.GetValues<Watching>().Where(way => way != Watching.Fanotify || Environment.IsPrivilegedProcess).Where(way => way != Watching.Looking || ByLooking);
        return Values.Length == 0 ? ways.Select(way => new object[] { way }) : ways.SelectMany(_ => Values, (way, value) => new object[] { way, value });
    }
}
