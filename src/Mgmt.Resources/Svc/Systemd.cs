using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Svc;

/// <summary>One systemd, that of the host or that of a user, over its bus (org.freedesktop.systemd1(5)).</summary>
internal sealed class Systemd(IBusConnection bus, UnitSignals signals, UnitFolders folders, TimeProvider time)
{
    internal const string Service = "org.freedesktop.systemd1", Root = "/org/freedesktop/systemd1", UnitFolder = Root + "/unit/";
    private const string Manager = Service + ".Manager", Properties = "org.freedesktop.DBus.Properties", UnitInterface = Service + ".Unit";
    private const string NoSuchUnit = Service + ".NoSuchUnit", NoFile = "org.freedesktop.DBus.Error.FileNotFound";

    /// <summary>How long a job or a change of state may take.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly SharedRun _readingFiles = new();

    internal UnitSignals Signals => signals;

    internal TimeProvider Time => time;

    /// <summary>Begins to hear of units and of their files; tries once. All that happens from here on is told to the listeners.</summary>
    /// <exception cref="BusException">The bus or systemd is not there.</exception>
    /// <exception cref="FileException">A directory of unit files cannot be watched.</exception>
    internal async Task OpenAsync(CancellationToken cancel)
    {
        await signals.Feed.OpenAsync(cancel);
        await folders.OpenAsync(cancel);
    }

    /// <summary>Asks for all that decides. Nothing is loaded for it, as that would be an event in turn.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="BusException">systemd refused, or is not there.</exception>
    internal async Task<(string? Path, UnitFacts Facts)> LookAsync(string unit, CancellationToken cancel)
    {
        var fileState = FindFileStateAsync(unit, cancel);
        string? path = null;
        IReadOnlyDictionary<string, object> properties = new Dictionary<string, object>();
        try
        {
            path = (await CallAsync("GetUnit", cancel, "s", unit)).Text(0);
            properties = (await bus.CallAsync(new BusCall(Service, path, Properties, "GetAll", "s", UnitInterface), cancel)).Map(0);
        }
        catch (BusException error) when (error.Name == NoSuchUnit)
        {
            // Not loaded: only its file counts.
        }

        var file = await fileState;
        var facts = path is null ? new UnitFacts("", "inactive", "", file) : ReadFacts(unit, properties, file);
        return (path, facts.IsMasked ? facts with { EmptyFile = folders.Unread.FindEmpty(unit) } : facts);
    }

    private UnitFacts ReadFacts(string unit, IReadOnlyDictionary<string, object> properties, string fileState)
    {
        var dropIns = properties.GetValueOrDefault("DropInPaths") is List<object> read ? read.OfType<string>().ToArray() : [];
        var load = Text("LoadState");
        var isUnread = properties.GetValueOrDefault("NeedDaemonReload") is true || UnitFacts.Differ(load, fileState) || folders.Unread.HasDropIn(unit, dropIns);
        var unread = isUnread ? folders.Unread.Find(unit, $"{load} {fileState}") : "";
        return new UnitFacts(load, Text("ActiveState"), Text("SubState"), fileState)
        {
            CanReload = properties.GetValueOrDefault("CanReload") is true,
            Unread = unread,
            RunsOldFiles = unread.Length > 0
                || (properties.GetValueOrDefault("InactiveExitTimestamp") is ulong and > 0 and var begun && folders.Unread.IsAnyNewer([Text("FragmentPath"), .. dropIns], begun)),
            LoadError = properties.GetValueOrDefault("LoadError") is List<object> { Count: 2 } problem ? (string)problem[1] : "",
        };

        string Text(string name) => properties.GetValueOrDefault(name) as string ?? "";
    }

    /// <summary>All that systemd tells of a unit, which it loads for the answer if need be; null when it does not want to tell.</summary>
    /// <exception cref="BusException">The bus or systemd is not there.</exception>
    internal async Task<IReadOnlyDictionary<string, object>?> DescribeAsync(string unit, CancellationToken cancel)
    {
        try
        {
            // Without the name of an interface the answer has the properties of all.
            return (await bus.CallAsync(new BusCall(Service, UnitName.PathOf(unit), Properties, "GetAll", "s", ""), cancel)).Map(0);
        }
        catch (BusException error) when (!error.IsAway)
        {
            return null;
        }
    }

    /// <summary>Does one step. What systemd refuses is an exception; a job that ended otherwise than done is its result.</summary>
    /// <returns><c>done</c>, or the job's result.</returns>
    /// <exception cref="BusException">systemd refused, or is not there.</exception>
    internal async Task<string> DoAsync(SvcAct act, string unit, CancellationToken cancel)
    {
        switch (act)
        {
            case SvcAct.ReadFiles:
                await ReadFilesAsync(cancel);
                return Jobs.Done;
            case SvcAct.Unmask:
                // The one in /etc and the one in /run.
                await CallAsync("UnmaskUnitFiles", cancel, "asb", new[] { unit }, false);
                await CallAsync("UnmaskUnitFiles", cancel, "asb", new[] { unit }, true);
                await ReadFilesAsync(cancel);
                return Jobs.Done;
            case SvcAct.Enable:
                await CallAsync("EnableUnitFiles", cancel, "asbb", new[] { unit }, false, false);
                await ReadFilesAsync(cancel);
                return Jobs.Done;
            case SvcAct.Disable:
                await CallAsync("DisableUnitFiles", cancel, "asb", new[] { unit }, false);
                await CallAsync("DisableUnitFiles", cancel, "asb", new[] { unit }, true);
                await ReadFilesAsync(cancel);
                return Jobs.Done;
            default:
                return await signals.Jobs.RunAsync(async () => (await CallAsync($"{act}Unit", cancel, "ss", unit, "replace")).Text(0), Patience, time, cancel);
        }
    }

    /// <summary>systemd has read its files, and says of this state of the unit's that it has not: it means what it cannot read.</summary>
    internal void Ignore(string unit, string unread) => folders.Unread.Ignore(unit, unread);

    /// <summary>Completes when every signal that systemd sent before the call has been heard.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancel)
    {
        if (!signals.Feed.IsOpen) return;
        try
        {
            // systemd's answer comes after the signals that it sent before.
            await bus.CallAsync(new BusCall(Service, Root, "org.freedesktop.DBus.Peer", "Ping") { Timeout = TimeSpan.FromSeconds(5) }, cancel);
        }
        catch (BusException lost) when (lost.IsAway)
        {
            // The watches were told of the loss, or will be told of the return.
        }
    }

    // However many units changed, systemd reads all files at once.
    private Task ReadFilesAsync(CancellationToken cancel) => _readingFiles.RunAsync(() => CallAsync("Reload", CancellationToken.None)).WaitAsync(cancel);

    private async Task<string> FindFileStateAsync(string unit, CancellationToken cancel)
    {
        try
        {
            return (await CallAsync("GetUnitFileState", cancel, "s", unit)).Text(0);
        }
        catch (BusException error) when (error.Name is NoFile or NoSuchUnit)
        {
            return "";
        }
    }

    private Task<BusBody> CallAsync(string member, CancellationToken cancel, string signature = "", params object[] arguments) =>
        bus.CallAsync(new BusCall(Service, Root, Manager, member, signature, arguments) { Timeout = Patience }, cancel);
}
