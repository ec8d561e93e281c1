using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>A pipe whose reading end, kept here, never blocks, and whose writing end is the child's.</summary>
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
    internal static unsafe Pipe Open()
    {
        var ends = stackalloc int[2];
        if (ProcessNative.Pipe2(ends, ProcessNative.O_CLOEXEC) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        var pipe = new Pipe(ends[0], ends[1]);
        if (ProcessNative.Fcntl(pipe.Reading, ProcessNative.F_SETFL, ProcessNative.O_NONBLOCK) == 0) return pipe;
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
