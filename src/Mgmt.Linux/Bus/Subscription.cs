using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Bus;

/// <summary>A match and its listener, which outlive the connections. Apart from its task it belongs to the bus's thread.</summary>
internal sealed unsafe class Subscription(string rule, IBusListener listener, Action<Exception> faulted)
{
    private readonly TaskCompletionSource _installed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GCHandle _self;
    private nint _slot;

    /// <summary>Completes with the first installation.</summary>
    internal Task Installed => _installed.Task;

    /// <summary>Whether it was never installed yet.</summary>
    internal bool IsNew => !_installed.Task.IsCompleted;

    internal void Fail(BusException error) => _installed.TrySetException(error);

    internal void Install(nint bus)
    {
        _self = GCHandle.Alloc(this);
        BusLink.Check(BusNative.AddMatchAsync(bus, out _slot, rule, &OnSignal, &OnInstalled, GCHandle.ToIntPtr(_self)));
    }

    /// <summary>Takes it out of its connection; while that is open, the bus is told.</summary>
    internal void Remove()
    {
        if (_slot != 0) BusNative.UnrefSlot(_slot);
        _slot = 0;
        if (_self.IsAllocated) _self.Free();
    }

    internal void TellLost(string error) => Guard(() => listener.Lost(error));

    private void Guard(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception error)
        {
            // A listener's mistake must not end the bus for the others, nor be thrown into native code.
            faulted(error);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSignal(nint message, nint context, nint error)
    {
        var self = (Subscription)GCHandle.FromIntPtr(context).Target!;
        self.Guard(() => self.Tell(message));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnInstalled(nint message, nint context, nint error)
    {
        var self = (Subscription)GCHandle.FromIntPtr(context).Target!;
        var refusal = BusLink.ErrorOf(message);
        if (self.IsNew && refusal is not null) self.Fail(refusal);
        else if (self.IsNew) self._installed.TrySetResult();
        else if (refusal is null) self.Guard(self.TellBack);
        else return -1; // ends the connection: the next one tries again
        return 0;
    }

    private void Tell(nint message) => listener.Heard(MessageReader.ReadSignal(message));

    private void TellBack() => listener.Back();
}
