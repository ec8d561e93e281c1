using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>A pipe to or from a child. The end that is kept here never blocks.</summary>
internal sealed class Pipe : IDisposable
{
    private bool _taken;

    private Pipe(int reading, int writing)
    {
        Reading = new SafeFileHandle(reading, ownsHandle: true);
        Writing = new SafeFileHandle(writing, ownsHandle: true);
    }

    internal SafeFileHandle Reading { get; }

    internal SafeFileHandle Writing { get; }

    /// <exception cref="Win32Exception">There are no descriptors left.</exception>
    internal static Pipe Open() => Open(nonBlockingEnd: static pipe => pipe.Reading);

    /// <summary>A pipe whose writing end is ours, holds what it holds without blocking, and whose reading end is the child's.</summary>
    internal static Pipe OpenForInput() => Open(nonBlockingEnd: static pipe => pipe.Writing);

    /// <summary>Writes all at once, and closes the writing end.</summary>
    /// <returns>False when the pipe does not hold so much.</returns>
    internal unsafe bool TryFill(ReadOnlySpan<byte> bytes)
    {
        nint count;
        fixed (byte* start = bytes)
        {
            do
            {
                count = bytes.IsEmpty ? 0 : ProcessNative.Write(Writing, start, bytes.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR);
        }

        Writing.Dispose();
        return count == bytes.Length;
    }

    private static unsafe Pipe Open(Func<Pipe, SafeFileHandle> nonBlockingEnd)
    {
        var ends = stackalloc int[2];
        if (ProcessNative.Pipe2(ends, ProcessNative.O_CLOEXEC) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        var pipe = new Pipe(ends[0], ends[1]);
        if (ProcessNative.Fcntl(nonBlockingEnd(pipe), ProcessNative.F_SETFL, ProcessNative.O_NONBLOCK) == 0) return pipe;
        var error = Marshal.GetLastPInvokeError();
        pipe.Dispose();
        throw new Win32Exception(error);
    }

    /// <summary>Hands the reading end to somebody who closes it.</summary>
    internal SafeFileHandle TakeReading()
    {
        _taken = true;
        return Reading;
    }

    public void Dispose()
    {
        if (!_taken) Reading.Dispose();
        Writing.Dispose();
    }
}
