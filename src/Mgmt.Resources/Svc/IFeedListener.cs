using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>Whom a feed tells. Called from the bus's thread, but for <see cref="Opened"/>.</summary>
internal interface IFeedListener
{
    /// <summary>Signals are heard from here on: what happened before is to be looked at.</summary>
    void Opened();

    void Heard(BusSignal signal);

    /// <summary>systemd left the bus or came to it: what it was about to tell is lost. Its return is told by <see cref="Opened"/>.</summary>
    void Interrupted();

    /// <summary>The bus is lost.</summary>
    void Lost(string error);
}
