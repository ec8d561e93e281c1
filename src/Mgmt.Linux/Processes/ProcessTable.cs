using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>One process as /proc showed it.</summary>
/// <param name="Id">Its id, which the system gives to another process later.</param>
/// <param name="Started">When it started, in clock ticks since boot: with the id it names one process for good.</param>
/// <param name="Parent">The id of its parent.</param>
/// <param name="Group">The id of its process group.</param>
/// <param name="Session">The id of its session.</param>
/// <param name="IsAlive">False of one that has ended and only waits for its parent to notice.</param>
/// <param name="Child">The number of the child whose cookie is in its environment; 0 is none of ours.</param>
internal readonly record struct ProcessEntry(int Id, long Started, int Parent, int Group, int Session, bool IsAlive, ulong Child);

/// <summary>Reads /proc.</summary>
internal static class ProcessTable
{
    private const int LargestEnvironment = 4 * 1024 * 1024;

    /// <summary>All processes that can be seen; none where there is no /proc. What ends meanwhile is left out.</summary>
    internal static List<ProcessEntry> Read()
    {
        var entries = new List<ProcessEntry>();
        var buffer = new byte[64 * 1024];
        if (!Directory.Exists("/proc")) return entries;
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(path.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (ReadFile($"{path}/stat", ref buffer) is var length and > 0 && TryParse(id, buffer.AsSpan(0, length), out var entry))
            {
                // Of somebody else's process it may not be read; then the length is 0.
                length = entry.IsAlive ? ReadFile($"{path}/environ", ref buffer) : 0;
                entries.Add(entry with { Child = ChildCookie.Read(buffer.AsSpan(0, length)) });
            }
        }

        return entries;
    }

    /// <summary>One process; null when there is none of that id.</summary>
    internal static ProcessEntry? Find(int id)
    {
        var buffer = new byte[4096];
        var length = ReadFile(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"), ref buffer);
        return length > 0 && TryParse(id, buffer.AsSpan(0, length), out var entry) ? entry : null;
    }

    // "12 (a name) with anything) S 1 12 12 …": what follows the last bracket is state, parent, group, session, and 15 further on the start.
    private static bool TryParse(int id, ReadOnlySpan<byte> stat, out ProcessEntry entry)
    {
        entry = default;
        var at = stat.LastIndexOf((byte)')') + 2;
        if (at < 2 || at >= stat.Length) return false;
        var state = stat[at];
        Span<long> numbers = stackalloc long[19];
        var rest = stat[(at + 1)..];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (rest.IsEmpty || !Utf8Parser.TryParse(rest[1..], out numbers[i], out int used)) return false;
            rest = rest[(1 + used)..];
        }

        var isAlive = state is not ((byte)'Z' or (byte)'X');
        entry = new ProcessEntry(id, numbers[18], (int)numbers[0], (int)numbers[1], (int)numbers[2], isAlive, Child: 0);
        return true;
    }

    // Files of /proc come and go, and an exception for each that went would cost more than the rest.
    private static unsafe int ReadFile(string path, ref byte[] buffer)
    {
        var file = ProcessNative.Open(path, ProcessNative.O_RDONLY | ProcessNative.O_CLOEXEC);
        if (file < 0) return 0;
        using var handle = new SafeFileHandle(file, ownsHandle: true);
        var length = 0;
        while (true)
        {
            if (length == buffer.Length && length >= LargestEnvironment) return length;
            if (length == buffer.Length) Array.Resize(ref buffer, length * 2);
            nint count;
            fixed (byte* room = buffer) count = ProcessNative.Read(handle, room + length, buffer.Length - length);
            if (count < 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR) continue;
            if (count <= 0) return length;
            length += (int)count;
        }
    }
}
