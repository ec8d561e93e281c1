using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Bus;

/// <summary>A call whose answer is not there yet. Apart from its task it belongs to the bus's thread.</summary>
internal sealed unsafe class PendingCall(BusCall call)
{
    private readonly TaskCompletionSource<BusBody> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GCHandle _self;
    private BusLink? _link;

    internal Task<BusBody> Answer => _answer.Task;

    /// <summary>Whoever made the call waits no more.</summary>
    internal bool IsGivenUp { get; set; }

    internal void Fail(BusException error) => _answer.TrySetException(error);

    /// <summary>Sends it; what cannot be sent fails at once.</summary>
    internal void Send(BusLink link, nint bus)
    {
        nint message = 0;
        try
        {
            BusLink.Check(BusNative.NewCall(bus, out message, call.Destination, call.Path, call.Interface, call.Member));
            MessageWriter.Write(message, call.Signature, call.Arguments);
            _self = GCHandle.Alloc(this);
            _link = link;
            BusLink.Check(BusNative.CallAsync(bus, 0, message, &OnAnswer, GCHandle.ToIntPtr(_self), (ulong)call.Timeout.TotalMicroseconds));
            link.Sent.Add(this);
        }
        catch (Exception error) when (error is BusException or ArgumentException or InvalidCastException)
        {
            Release();
            _answer.TrySetException(error);
        }
        finally
        {
            BusNative.UnrefMessage(message);
        }
    }

    /// <summary>To be called when no answer can come any more.</summary>
    internal void Release()
    {
        if (_self.IsAllocated) _self.Free();
        _link = null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAnswer(nint message, nint context, nint error)
    {
        var call = (PendingCall)GCHandle.FromIntPtr(context).Target!;
        call._link?.Sent.Remove(call);
        call.Release();
        try
        {
            if (BusLink.ErrorOf(message) is { } refusal) call.Fail(refusal);
            else call._answer.TrySetResult(MessageReader.Read(message));
        }
        catch (Exception unreadable)
        {
            // Nothing may be thrown into native code: it is the answer.
            call._answer.TrySetException(unreadable);
        }

        return 0;
    }
}
