using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Home;

/// <summary>
/// The process that is killed while it writes: it opens or creates the home, goes on with the storm from where that stands, and prints each index that it has
/// flushed, marked when it is to survive anything.
/// </summary>
internal static class WritingChild
{
    /// <summary>The commands that every run of the child applies, by index.</summary>
    public static Store.Commands.Proposal CommandAt(long index, StoreView view) => new Storm((int)index).Next(view);

    public static int Run(string path)
    {
        var (home, view) = StoreHome.Open(path, Place.Ours) switch
        {
            HomeOpening.Opened opened => (opened.Home, opened.View),
            HomeOpening.Missing => Created(path),
            var other => throw new InvalidOperationException($"{other}"),
        };
        var machine = new StoreMachine(view);
        var output = Console.Out;
        output.WriteLine($"opened {view.Index}");
        for (var index = view.Index + 1; ; index++)
        {
            machine.Apply(index, CommandAt(index, machine.View));
            if (index % 20 != 0) continue;
            if (home.Flush(machine.View) is { Length: > 0 } failure) throw new InvalidOperationException(failure);
            if (index % 200 == 0) home.Checkpoint();
            output.WriteLine($"safe {home.SafeIndex}");
            output.Flush();
        }
    }

    private static (StoreHome Home, StoreView View) Created(string path)
    {
        var view = StoreView.Empty(7);
        return (StoreHome.Create(path, Place.Ours, view), view);
    }
}
