using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>Knows the packages that units came with.</summary>
public interface IUnitPackages
{
    /// <summary>Ties each unit to the other files of its package. A unit that came with no package is left out; what cannot be read is, too.</summary>
    /// <param name="units">Units of the host, each with the path of its file.</param>
    IReadOnlyList<Bond> BondsOf(IReadOnlyList<(string Unit, string File)> units);
}
