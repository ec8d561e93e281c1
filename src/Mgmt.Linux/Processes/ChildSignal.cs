using System.Buffers.Binary;

namespace Mgmt.Linux.Processes;

/// <summary>What happens to SIGCHLD.</summary>
internal static class ChildSignal
{
    // struct sigaction begins with the handler; with none of its flags and an empty mask all zeros is the default action.
    private const int StructSize = 256;
    private const long Ignored = 1;

    /// <summary>A process that was started with SIGCHLD ignored never learns how its children end: take the default then.</summary>
    internal static unsafe void KeepZombies()
    {
        var old = stackalloc byte[StructSize];
        var byDefault = stackalloc byte[StructSize];
        new Span<byte>(old, StructSize).Clear();
        new Span<byte>(byDefault, StructSize).Clear();
        if (ProcessNative.SigAction(ProcessNative.SIGCHLD, null, old) != 0) return;
        if (BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(old, 8)) != Ignored) return;
        _ = ProcessNative.SigAction(ProcessNative.SIGCHLD, byDefault, null);
    }
}
