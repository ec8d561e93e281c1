using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>One call of posix_spawn: a session of its own, default signals, and no descriptor of ours but the pipes.</summary>
internal static unsafe class SpawnCall
{
    private const short Flags = ProcessNative.POSIX_SPAWN_SETSIGDEF | ProcessNative.POSIX_SPAWN_SETSIGMASK | ProcessNative.POSIX_SPAWN_SETSID;

    /// <summary>Runs a file. The answer is 0, or the error number of the step that failed.</summary>
    internal static int Run(
        string file, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string directory, ChildPipes pipes, out int process)
    {
        var attributes = stackalloc byte[ProcessNative.OpaqueSize];
        var actions = stackalloc byte[ProcessNative.OpaqueSize];
        process = 0;
        var error = ProcessNative.AttributesInit(attributes);
        if (error != 0) return error;
        error = ProcessNative.ActionsInit(actions);
        try
        {
            if (error == 0) error = Prepare(attributes, actions, directory, pipes);
            return error != 0 ? error : Spawn(file, arguments, environment, attributes, actions, out process);
        }
        finally
        {
            _ = ProcessNative.ActionsDestroy(actions);
            _ = ProcessNative.AttributesDestroy(attributes);
        }
    }

    private static int Prepare(byte* attributes, byte* actions, string directory, ChildPipes pipes)
    {
        var all = stackalloc byte[ProcessNative.SignalSetSize];
        var none = stackalloc byte[ProcessNative.SignalSetSize];
        new Span<byte>(all, ProcessNative.SignalSetSize).Fill(0xff);
        new Span<byte>(none, ProcessNative.SignalSetSize).Clear();

        // The runtime ignores SIGPIPE, and whoever started the agent may have ignored others: a child inherits that if not told.
        var error = ProcessNative.AttributesSetFlags(attributes, Flags);
        if (error == 0) error = ProcessNative.AttributesSetSigDefault(attributes, all);
        if (error == 0) error = ProcessNative.AttributesSetSigMask(attributes, none);
        if (error == 0) error = Point(actions, 0, pipes.Input?.Reading);
        if (error == 0) error = Point(actions, 1, pipes.Output?.Writing);
        if (error == 0) error = Point(actions, 2, pipes.Errors?.Writing);

        // All of ours close on exec; this holds for what libraries opened without a thought, too.
        if (error == 0 && ProcessNative.ActionsAddCloseFrom is not null) error = ProcessNative.ActionsAddCloseFrom(actions, 3);
        if (error == 0 && directory.Length > 0) error = ProcessNative.ActionsAddChangeDirectory(actions, directory);
        return error;
    }

    private static int Point(byte* actions, int stream, SafeFileHandle? pipe) =>
        pipe is null
            ? ProcessNative.ActionsAddOpen(actions, stream, "/dev/null", stream == 0 ? ProcessNative.O_RDONLY : ProcessNative.O_WRONLY, 0)
            : ProcessNative.ActionsAddDup2(actions, (int)pipe.DangerousGetHandle(), stream);

    private static int Spawn(
        string file, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, byte* attributes, byte* actions, out int process)
    {
        using var argv = new NativeTexts(arguments);
        using var envp = new NativeTexts(environment);
        var path = Marshal.StringToCoTaskMemUTF8(file);
        int started = 0;
        var error = ProcessNative.PosixSpawn(&started, (byte*)path, actions, attributes, argv.Pointers, envp.Pointers);
        Marshal.FreeCoTaskMem(path);
        process = started;
        return error;
    }

    /// <summary>What an error number of <see cref="Run"/> means: a whole clause.</summary>
    internal static string Describe(int error, string file, string directory) => error switch
    {
        _ when directory.Length > 0 && !Directory.Exists(directory) => $"there is no directory {directory} to run it in",
        ProcessNative.ENOENT => $"{file} or the interpreter that it names is missing",
        ProcessNative.EACCES or ProcessNative.EPERM => $"the system does not allow to run {file}" + (directory.Length > 0 ? $" in {directory}" : ""),
        ProcessNative.ENOEXEC => $"{file} is neither a program for this machine nor a script that begins with \"#!\"",
        ProcessNative.E2BIG => "its arguments and its environment are longer than the system allows",
        ProcessNative.EAGAIN => "the system allows no more processes",
        ProcessNative.ENOMEM => "the system has no memory for another process",
        ProcessNative.EMFILE => "the agent has no descriptors left",
        ProcessNative.ETXTBSY => $"{file} is being written",
        ProcessNative.ELOOP => $"{file} leads through too many symbolic links",
        _ => $"{file}: {Marshal.GetPInvokeErrorMessage(error)}",
    };
}
