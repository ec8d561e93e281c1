using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;
using Mgmt.Resources.Svc;

namespace Mgmt.Resources.Pkg;

/// <summary>Finds in dpkg's lists the packages that units came with. The lists are read once for each version of dpkg's database and each set of units.</summary>
internal sealed class UnitPackages(PackageHost host) : IUnitPackages
{
    private readonly Lock _gate = new();
    private DpkgStatus? _status;
    private IReadOnlyList<(string Unit, string File)> _units = [];
    private IReadOnlyList<Bond> _bonds = [];

    /// <inheritdoc/>
    public IReadOnlyList<Bond> BondsOf(IReadOnlyList<(string Unit, string File)> units)
    {
        lock (_gate)
        {
            try
            {
                if (units.Count == 0 || !host.HasDpkg) return [];
                var status = host.Dpkg.Read();
                if (status != _status || !units.SequenceEqual(_units)) (_bonds, _units, _status) = (Find(units), units, status);
                return _bonds;
            }
            catch (FileException)
            {
                // dpkg's database is damaged: the packages of the graph, if there are any, tell of it.
                return [];
            }
        }
    }

    private List<Bond> Find(IReadOnlyList<(string Unit, string File)> units)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (unit, file) in units)
        {
            foreach (var name in PkgTies.Aliases(file)) wanted.TryAdd(name, unit);
        }

        var bonds = new List<Bond>();
        foreach (var (file, list) in host.Dpkg.FindUnitFiles(wanted.Keys))
        {
            bonds.Add(PkgTies.Between(DpkgDatabase.PathsIn(list), wanted[file]));
        }

        return bonds;
    }
}
