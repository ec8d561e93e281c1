using System.Runtime.InteropServices;
using Mgmt.Linux.Files;
using Mgmt.Linux.Memory;

namespace Mgmt.Linux.Terminals;

/// <summary>Standard input's terminal while it shows nothing of what is typed, and hands on each key as it comes, Ctrl-C too. Disposing it restores it.</summary>
public sealed partial class SilentTerminal : IDisposable
{
    private const int Input = 0, SetNow = 0, TermiosBytes = 60, LocalFlagsAt = 12, ControlsAt = 17, TimeAt = 5, LeastAt = 6;
    private const uint Signals = 0x1, Lines = 0x2, Echo = 0x8, EchoLineFeed = 0x40, Extensions = 0x8000;

    private readonly byte[] _before;
    private int _isRestored;

    private SilentTerminal(byte[] before) => _before = before;

    /// <summary>Whether standard input is a terminal.</summary>
    public static bool IsThere => IsATerminal(Input) == 1;

    /// <summary>Silences it; null when standard input is none.</summary>
    /// <exception cref="FileException">It cannot be silenced: nothing is to be typed then.</exception>
    public static SilentTerminal? TryOpen()
    {
        var (before, silent) = (new byte[TermiosBytes + 64], new byte[TermiosBytes + 64]);
        if (!IsThere || GetAttributes(Input, ref before[0]) != 0) return null;
        before.CopyTo(silent, 0);
        var flags = silent.AsSpan(LocalFlagsAt, sizeof(uint));
        var wanted = MemoryMarshal.Read<uint>(flags) & ~(Signals | Lines | Echo | EchoLineFeed | Extensions);
        MemoryMarshal.Write(flags, wanted);
        (silent[ControlsAt + TimeAt], silent[ControlsAt + LeastAt]) = (0, 1);
        return SetAttributes(Input, SetNow, ref silent[0]) == 0 ? new SilentTerminal(before) : throw FileException.Of("silence the terminal", Errno.Last);
    }

    /// <summary>Waits for one byte of what is typed. Not by the runtime's console, which would echo it, and keep it as text.</summary>
    /// <param name="typed">Where it is put.</param>
    /// <returns>False when there will be no more, or no room.</returns>
    public bool TryRead(LockedBytes typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return Volatile.Read(ref _isRestored) == 0 && typed.ReadOne(OpenFile.StandardInput);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // By the end, or by a signal: whoever comes first.
        if (Interlocked.Exchange(ref _isRestored, 1) == 0) _ = SetAttributes(Input, SetNow, ref _before[0]);
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int descriptor, ref byte termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int descriptor, int when, ref byte termios);
}
