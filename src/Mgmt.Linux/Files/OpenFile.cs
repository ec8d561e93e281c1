using System.Runtime.InteropServices;

namespace Mgmt.Linux.Files;

/// <summary>An open descriptor of a file, a directory or a queue; disposing it closes it.</summary>
public sealed class OpenFile : SafeHandle
{
    /// <summary>An empty handle, for the marshaller to fill.</summary>
    public OpenFile()
        : base(-1, ownsHandle: true)
    {
    }

    private OpenFile(nint special)
        : base(-1, ownsHandle: false) => SetHandle(special);

    /// <summary>AT_FDCWD: relative to nothing, for absolute paths.</summary>
    internal static OpenFile None { get; } = new(-100);

    /// <summary>This process's standard input; it stays open.</summary>
    internal static OpenFile StandardInput { get; } = new(0);

    /// <summary>This process's standard output; it stays open.</summary>
    internal static OpenFile StandardOutput { get; } = new(1);

    /// <summary>This process's standard error; it stays open.</summary>
    internal static OpenFile StandardError { get; } = new(2);

    /// <inheritdoc/>
    public override bool IsInvalid => Descriptor == -1;

    /// <summary>The kernel answers with 32 bits; what the register holds above them means nothing.</summary>
    internal int Descriptor => (int)handle;

    /// <summary>The path by which the kernel reaches this very inode again, whatever its names are by now.</summary>
    internal FileName ProcPath() => new($"/proc/self/fd/{Descriptor}");

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close(Descriptor) == 0;

    /// <summary>Opens; the answer is invalid when it fails, and the errno is that of <paramref name="errno"/>.</summary>
    internal static OpenFile Try(OpenFile folder, FileName name, int flags, out int errno, uint mode = 0)
    {
        while (true)
        {
            var file = FileNative.OpenAt(folder, in name.Start, flags | FileNative.CloseOnExec, mode);
            errno = file.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            if (errno != Errno.Interrupted) return file;
            file.Dispose();
        }
    }
}
