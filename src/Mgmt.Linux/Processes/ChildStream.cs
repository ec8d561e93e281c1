using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>The agent's end of one output stream of a child. Only the loop touches it.</summary>
internal sealed class ChildStream(SafeFileHandle reading, IChildOutput output) : IDisposable
{
    private IChildOutput? _output = output;

    internal SafeFileHandle Reading { get; } = reading;

    internal bool IsOpen => !Reading.IsClosed;

    /// <summary>Reads once. False says that there is no more to read now; the stream is closed when there never will be.</summary>
    internal unsafe bool ReadOnce(byte[] buffer)
    {
        nint count;
        fixed (byte* room = buffer)
        {
            do
            {
                count = ProcessNative.Read(Reading, room, buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR);
        }

        if (count > 0) _output?.Write(buffer.AsSpan(0, (int)count));
        else if (count == 0 || Marshal.GetLastPInvokeError() != ProcessNative.EAGAIN) Dispose();
        return count > 0;
    }

    /// <summary>Takes in what the pipe holds. A daemon may fill it for ever, so there is a bound, far above what a pipe can hold.</summary>
    internal void Drain(byte[] buffer)
    {
        for (var reads = 0; reads < 64 && IsOpen && ReadOnce(buffer); reads++)
        {
        }
    }

    /// <summary>Tells the output that nothing follows. What a daemon of the child still writes is read and thrown away.</summary>
    internal void EndOutput()
    {
        _output?.End();
        _output = null;
    }

    public void Dispose() => Reading.Dispose();
}
