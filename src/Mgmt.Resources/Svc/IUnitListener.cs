namespace Mgmt.Resources.Svc;

/// <summary>Who wants to hear of a unit. Called from the bus's thread.</summary>
internal interface IUnitListener
{
    /// <summary>Something about the unit changed.</summary>
    void Changed();

    /// <summary>Something changed that may concern any unit.</summary>
    void AnyChanged();

    /// <summary>Nothing is heard any more.</summary>
    /// <param name="error">A sentence that begins with "cannot".</param>
    void Lost(string error);
}
