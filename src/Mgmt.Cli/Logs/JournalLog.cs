using System.Buffers;
using System.Globalization;
using Mgmt.Agent;
using Mgmt.Engine.Plans.Views;
using Mgmt.Engine.Running;
using Mgmt.Linux.Journal;

namespace Mgmt.Cli.Logs;

/// <summary>
/// The log for systemd's journal: an entry for each line that people would read, with fields to select by. <c>EVENT</c> is the event's name as in the JSON log, <c>RESOURCE</c> the
/// address, with <c>RESOURCE_KIND</c> and <c>RESOURCE_NAME</c>, <c>PEER</c> the other host that it is about. The journal adds the time, the unit and the process.
/// </summary>
/// <param name="send">Takes an entry; the answer is whether the journal has it.</param>
/// <param name="otherwise">Shows on the output what the journal did not take.</param>
internal sealed class JournalLog(Func<JournalEntry, bool> send, ILogView otherwise) : ILogView
{
    private readonly TextLines _shown = new();

    public void Write(DateTimeOffset time, Report report, IBufferWriter<byte> output)
    {
        var isTaken = true;
        foreach (var line in _shown.Of(report)) isTaken &= send(EntryOf(report, line));
        if (!isTaken) otherwise.Write(time, report, output);
    }

    public void WriteDropped(DateTimeOffset time, long count, IBufferWriter<byte> output)
    {
        var words = $"{TextLines.Count(count, "line was", "lines were")} dropped: the journal did not keep up";
        if (!send(Begin(Ink.Warning, words).Add("EVENT", "dropped"))) otherwise.WriteDropped(time, count, output);
    }

    private static JournalEntry EntryOf(Report report, TextLine line)
    {
        var subject = line.Subject is { } address ? PlainText.Of(address.ToString()) + ": " : "";
        var entry = Begin(line.Ink, string.Join('\n', [subject + PlainText.Of(line.Words), .. line.Below.Select(PlainText.Of)]));

        // Of a convergence, the lines about a resource say that it is blocked.
        entry.Add("EVENT", report is ConvergedReport && line.Subject is not null ? "blocked" : EventNames.Of(report) ?? "");
        if (line.Subject is { } resource) entry.Add("RESOURCE", resource.ToString()).Add("RESOURCE_KIND", resource.Kind).Add("RESOURCE_NAME", resource.Name);
        return entry.Add("PEER", PeerOf(report));
    }

    private static JournalEntry Begin(Ink ink, string message) =>
        new JournalEntry().Add("MESSAGE", message).Add("PRIORITY", PriorityOf(ink).ToString(CultureInfo.InvariantCulture)).Add("SYSLOG_IDENTIFIER", "mgmt");

    private static string PeerOf(Report report) => report switch
    {
        StoreReport store => store.Peer,
        WarningReport warning => warning.Peer,
        _ => "",
    };

    // Those of syslog: error, warning, notice, information.
    private static int PriorityOf(Ink ink) => ink switch
    {
        Ink.Bad => 3,
        Ink.Warning => 4,
        Ink.Change => 5,
        _ => 6,
    };
}
