using System.Diagnostics;
using System.Globalization;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Measures;

/// <summary>Figures of this room alone, printed as "name: value". Run with "dotnet run -c Release --project tests/Mgmt.Store.Tests measure".</summary>
internal static class Measure
{
    public const int Keys = 100_000;

    public static int Run()
    {
        StructureMeasure.Run();
        MachineMeasure.Run();
        WatchMeasure.Run();
        HomeMeasure.Run();
        return 0;
    }

    public static Bytes Key(int i) => Bytes.Of(string.Create(CultureInfo.InvariantCulture, $"/mgmt/host{i % 1000:d4}/key{i:d8}"));

    public static Bytes Value { get; } = Bytes.Own(new byte[100]);

    public static Proposal Put(int i) => new(new((UInt128)i), new Command.Execute(new Operation.Put(Key(i), Bytes.Copy(Value.Span))));

    /// <summary>A machine with so many keys of 100 bytes, written in no order.</summary>
    public static StoreMachine Filled(int keys)
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        for (var i = 0; i < keys; i++) machine.Apply(i + 1, Put((int)((long)i * 7919 % keys)));
        return machine;
    }

    /// <summary>The median time of some runs, each of so many steps, per step: of all processors, and by the clock, which others on the machine lengthen.</summary>
    public static void Time(string name, int steps, Action action, int runs = 5)
    {
        var times = new List<(double Processor, double Clock)>();
        for (var run = 0; run < runs; run++)
        {
            var (processor, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
            action();
            times.Add(((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / steps, watch.Elapsed.TotalMicroseconds / steps));
        }

        times.Sort();
        var (median, clock) = times[times.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {median:n2} µs of processor, {clock:n2} by the clock"));
    }

    /// <summary>How much memory is held by what the action makes.</summary>
    public static T Memory<T>(string name, Func<T> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {(after - before) / 1e6:n1} MB"));
        return made;
    }
}
