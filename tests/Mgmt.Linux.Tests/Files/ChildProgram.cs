using System.Text;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Tests.Inotify;

namespace Mgmt.Linux.Tests.Files;

/// <summary>What tests run as a process of its own: <c>dotnet Mgmt.Linux.Tests.dll WHAT PATH</c>.</summary>
internal static class ChildProgram
{
    internal static async Task Main(string[] arguments)
    {
        try
        {
            await (arguments[0] == "watch" ? WatchOnce(Path.GetFileName(arguments[1])) : WriteForever(arguments[1], mayBeUnnamed: arguments[0] == "write"));
        }
        catch (FileException fault)
        {
            Console.WriteLine(fault.Message);
        }
    }

    /// <summary>Watches files in three directories of a new directory, and removes it.</summary>
    private static async Task WatchOnce(string name)
    {
        var folder = Directory.CreateTempSubdirectory(name).FullName;
        await using var watcher = new PathWatcher(options: new WatcherOptions { Note = Console.WriteLine });
        Listener[] listeners = [new(), new(), new()];
        try
        {
            for (var i = 0; i < listeners.Length; i++) watcher.Watch(new FilePath($"{Directory.CreateDirectory($"{folder}/{i}").FullName}/f"), listeners[i]);
            Console.WriteLine("watched");
            for (var i = 0; i < listeners.Length; i++) await File.WriteAllTextAsync($"{folder}/{i}/f", "");
            await watcher.DrainAsync(default);
            Console.WriteLine(Array.TrueForAll(listeners, one => one.Count > 0) ? "heard" : "deaf");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes 64 KiB of one letter, of the next letter, and so on.</summary>
    private static async Task WriteForever(string path, bool mayBeUnnamed)
    {
        using var writer = new FileWriter(new Flusher(), mayBeUnnamed);
        for (var letter = 'a'; ; letter = letter == 'z' ? 'a' : (char)(letter + 1))
        {
            await writer.WriteAsync(new FilePath(path), new LiteralContent(Encoding.ASCII.GetBytes(new string(letter, 65536))), default, force: false, default);
            if (letter == 'a') Console.WriteLine("round");
        }
    }
}
