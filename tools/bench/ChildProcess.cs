using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mgmt.Bench;

/// <summary>What one whole process cost, by the kernel's own account.</summary>
/// <param name="Wall">Seconds from its start until it was reaped.</param>
/// <param name="Cpu">Seconds of user and system time, with its children's that it waited for.</param>
/// <param name="PeakMiB">The largest resident set.</param>
/// <param name="Status">As wait4 gives it; 0 is success.</param>
internal readonly record struct Cost(double Wall, double Cpu, double PeakMiB, int Status);

/// <summary>Starts processes and measures them. Output goes nowhere.</summary>
internal static unsafe partial class ChildProcess
{
    public static Cost Run(string command)
    {
        var id = Start(command);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        return Wait(id, start);
    }

    /// <summary>Runs a program without a shell, whose own start is then no part of the figure. The command is split at spaces.</summary>
    public static Cost RunDirect(string command)
    {
        var actions = stackalloc byte[ActionsBytes];
        _ = InitializeActions(actions);
        try
        {
            foreach (var output in new[] { 1, 2 }) _ = AddOpen(actions, output, "/dev/null", WriteOnly, 0);
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            return Wait(Start(command.Split(' '), actions), start);
        }
        finally
        {
            _ = DestroyActions(actions);
        }
    }

    /// <summary>Starts a shell command that the shell gives way to.</summary>
    public static int Start(string command) => Start(["/bin/sh", "-c", $"exec {command} >/dev/null 2>&1"], null);

    private static int Start(string[] words, byte* actions)
    {
        var pointers = stackalloc byte*[words.Length + 1];
        for (var i = 0; i < words.Length; i++) pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(words[i]);
        pointers[words.Length] = null;
        try
        {
            var errno = Spawn(out var id, pointers[0], actions, null, pointers, Environ());
            return errno == 0 ? id : throw new Win32Exception(errno);
        }
        finally
        {
            for (var i = 0; i < words.Length; i++) Marshal.FreeCoTaskMem((nint)pointers[i]);
        }
    }

    public static Cost Wait(int id, long start)
    {
        var usage = stackalloc long[18];
        if (Wait4(id, out var status, 0, usage) != id) throw new Win32Exception(Marshal.GetLastPInvokeError());
        var wall = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Cost(wall, usage[0] + (usage[1] / 1e6) + usage[2] + (usage[3] / 1e6), usage[4] / 1024.0, status);
    }

    public static void Terminate(int id)
    {
        _ = Kill(id, 15);
        Wait(id, 0);
    }

    // The environment as the system holds it.
    private static byte** Environ()
    {
        var libc = NativeLibrary.Load("libc.so.6");
        return *(byte***)NativeLibrary.GetExport(libc, "environ");
    }

    // posix_spawn_file_actions_t is smaller in every C library.
    private const int ActionsBytes = 256, WriteOnly = 1;

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int file, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(out int id, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int Wait4(int id, out int status, int options, long* usage);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
