using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Bus;

/// <summary>One open connection, from its start to its loss. It belongs to the bus's thread.</summary>
internal sealed class BusLink
{
    // dbus-daemon allows 128 calls without an answer on one connection, and matches count too.
    private const int MostAtOnce = 100;
    private static readonly TimeSpan LongestHello = TimeSpan.FromSeconds(10);

    private readonly long _lateAt = Stopwatch.GetTimestamp() + (long)(LongestHello.TotalSeconds * Stopwatch.Frequency);
    private nint _bus;

    private BusLink(nint bus) => _bus = bus;

    /// <summary>The calls that have no answer yet.</summary>
    internal HashSet<PendingCall> Sent { get; } = [];

    /// <summary>Whether the bus has greeted us: before that nothing is sent.</summary>
    internal bool IsReady { get; private set; }

    internal bool HasRoom => IsReady && Sent.Count < MostAtOnce;

    internal int Descriptor => BusNative.GetDescriptor(_bus);

    internal int Events => BusNative.GetEvents(_bus);

    /// <summary>When to process again at the latest, as a timestamp of <see cref="Stopwatch"/>.</summary>
    internal long Deadline
    {
        get
        {
            // Both clocks are the monotonic one, in nanoseconds here and in microseconds there.
            var known = BusNative.GetTimeout(_bus, out var microseconds) > 0 && microseconds < long.MaxValue / 1000;
            var deadline = known ? (long)microseconds * (Stopwatch.Frequency / 1_000_000) : long.MaxValue;
            return IsReady ? deadline : Math.Min(deadline, _lateAt);
        }
    }

    /// <summary>Begins to connect.</summary>
    /// <exception cref="BusException">It cannot begin.</exception>
    internal static BusLink Start(string address)
    {
        nint bus;
        try
        {
            Check(BusNative.New(out bus));
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new BusException($"{BusNative.Library} is missing or too old; install systemd's library (the package libsystemd0 or systemd-libs)", inner: error);
        }

        var link = new BusLink(bus);
        try
        {
            Check(BusNative.SetAddress(bus, address));
            Check(BusNative.SetBusClient(bus, 1));
            Check(BusNative.Start(bus));
            return link;
        }
        catch
        {
            link.Free();
            throw;
        }
    }

    /// <summary>Does all that can be done without waiting.</summary>
    /// <exception cref="BusException">The connection is lost.</exception>
    internal void Process()
    {
        while (Check(BusNative.Process(_bus, 0)) > 0)
        {
        }

        if (IsReady) return;
        IsReady = Check(BusNative.IsReady(_bus)) > 0;
        if (!IsReady && Stopwatch.GetTimestamp() >= _lateAt) throw new BusException($"it did not answer within {LongestHello.TotalSeconds} s");
    }

    internal void Send(PendingCall call) => call.Send(this, _bus);

    internal void Install(Subscription subscription) => subscription.Install(_bus);

    /// <summary>Closes it. Calls without an answer fail.</summary>
    internal void Close(BusException error)
    {
        Free();
        foreach (var call in Sent)
        {
            call.Release();
            call.Fail(error);
        }

        Sent.Clear();
    }

    private void Free()
    {
        if (_bus != 0) BusNative.CloseUnref(_bus);
        _bus = 0;
    }

    /// <summary>Turns a negative errno into an exception without a D-Bus name, which is to say: the bus is not there.</summary>
    internal static int Check(int result) =>
        result >= 0 ? result : throw new BusException(Marshal.GetPInvokeErrorMessage(-result));

    /// <summary>The error that a reply carries, or null.</summary>
    internal static unsafe BusException? ErrorOf(nint message)
    {
        var error = BusNative.GetError(message);
        if (error is null || error[0] == 0) return null;
        var name = Marshal.PtrToStringUTF8(error[0]) ?? "";
        var text = Marshal.PtrToStringUTF8(error[1]) is { Length: > 0 } words ? words.TrimEnd('.') : name;
        return new BusException(text, name);
    }
}
