namespace Mgmt.Linux.Bus;

/// <summary>
/// A bus. The connection is made at the first use; while anybody listens, a lost one is made again by itself. All members may be called from any
/// thread. This is all that the other rooms know of D-Bus: what is behind it can be replaced.
/// </summary>
public interface IBusConnection : IAsyncDisposable
{
    /// <summary>The bus as words: <c>the system bus at unix:path=/run/dbus/system_bus_socket</c>.</summary>
    string Words { get; }

    /// <summary>Calls a method and answers with what it returns. Calls beyond what a bus allows at once wait for their turn.</summary>
    /// <exception cref="BusException">The service answered with an error, or did not answer in time, or the bus cannot be reached.</exception>
    Task<BusBody> CallAsync(BusCall call, CancellationToken cancel);

    /// <summary>Listens to the signals that a match rule describes. Whatever is sent after the call has completed reaches the listener. Disposing the answer ends it.</summary>
    /// <exception cref="BusException">The bus refused the rule, or cannot be reached; then nothing goes on.</exception>
    Task<IDisposable> ListenAsync(string rule, IBusListener listener, CancellationToken cancel);
}

/// <summary>Whom a bus tells of signals. Called from the bus's own thread, one call at a time: the calls must be short, and throw nothing.</summary>
public interface IBusListener
{
    /// <summary>A signal came.</summary>
    void Heard(BusSignal signal);

    /// <summary>The connection is lost: signals are missed until <see cref="Back"/>.</summary>
    /// <param name="error">A sentence that begins with "cannot".</param>
    void Lost(string error);

    /// <summary>The connection is there again, and so is this match.</summary>
    void Back();
}
