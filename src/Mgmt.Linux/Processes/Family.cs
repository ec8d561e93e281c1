using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>A child and everything it started, as far as can be known: valid only while the child is not reaped.</summary>
internal sealed class Family(int child, ulong number)
{
    private readonly HashSet<(int Id, long Started)> _known = [];

    /// <summary>
    /// The living members: those in the child's group or session, those with its cookie, and the descendants of any that was ever seen.
    /// </summary>
    internal List<ProcessEntry> FindAlive(List<ProcessEntry> table)
    {
        var byId = table.ToDictionary(entry => entry.Id);
        var grew = true;
        while (grew)
        {
            grew = false;
            foreach (var entry in table)
            {
                if (IsMember(entry, byId)) grew |= _known.Add((entry.Id, entry.Started));
            }
        }

        return [.. table.Where(entry => entry.IsAlive && _known.Contains((entry.Id, entry.Started)))];
    }

    /// <summary>Sends a signal to the child's group, and to each of the members that are outside of it.</summary>
    internal void Signal(List<ProcessEntry> alive, int signal)
    {
        _ = ProcessNative.Kill(-child, signal);
        foreach (var entry in alive)
        {
            if (entry.Group != child) Signal(entry, signal);
        }
    }

    private bool IsMember(ProcessEntry entry, Dictionary<int, ProcessEntry> byId) =>
        entry.Id == child || entry.Group == child || entry.Session == child || entry.Child == number
        || (byId.TryGetValue(entry.Parent, out var parent) && _known.Contains((parent.Id, parent.Started)));

    // Its id may be another's by now: once the handle is open, the start tells whom it stands for.
    private static unsafe void Signal(ProcessEntry entry, int signal)
    {
        var descriptor = ProcessNative.PidFdOpen(ProcessNative.SYS_pidfd_open, entry.Id, 0);
        if (descriptor < 0) return;
        using var handle = new SafeFileHandle((nint)descriptor, ownsHandle: true);
        if (ProcessTable.Find(entry.Id) is { } now && now.Started == entry.Started)
        {
            _ = ProcessNative.PidFdSendSignal(ProcessNative.SYS_pidfd_send_signal, handle, signal, null, 0);
        }
    }
}
