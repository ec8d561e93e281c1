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
            await (arguments[0] == "watch" ? WatchOnce(arguments[1]) : WriteForever(arguments[1], mayBeUnnamed: arguments[0] == "write"));
        }
        catch (FileException fault)
        {
            Console.WriteLine(fault.Message);
        }
    }

    private static async Task WatchOnce(string path)
    {
        await using var watcher = new PathWatcher();
        using var watch = watcher.Watch(new FilePath(path), new Listener());
        Console.WriteLine("watched");
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
