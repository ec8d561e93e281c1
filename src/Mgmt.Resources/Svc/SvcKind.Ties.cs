using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

public sealed partial class SvcKind : ISurveyor
{
    private readonly SvcSurvey _surveyOfHost, _surveyOfUser;

    /// <inheritdoc/>
    public event EventHandler? Outdated;

    /// <inheritdoc/>
    public bool TiesOthersOnly => true;

    /// <summary>A service is its unit, and comes after the files of it that are managed, wherever systemd reads them.</summary>
    public override Ties Tie(ResourceSpec spec)
    {
        var unit = UnitName.Complete(spec.Address.Name);
        if (IsOfUser(spec)) return new Ties([new Identity("user-unit", unit)], []);
        var wishes = UnitFiles.Names(unit).Select(UnitFiles.File).Concat(UnitFiles.DropInNames(unit).Select(UnitFiles.DropIns));
        return new Ties([.. UnitFiles.Names(unit).Select(static name => new Identity("unit", name))], [.. wishes.Select(static one => new EdgeWish([one], Notify: true))]);
    }

    /// <summary>A service comes after each managed file that its unit names, and after those that came with the same package: its configuration above all.</summary>
    public async ValueTask<Survey> SurveyAsync(IReadOnlyList<ResourceSpec> own, CancellationToken cancel)
    {
        var host = AskAsync(_surveyOfHost, own.Where(static spec => !IsOfUser(spec)), cancel);
        var user = AskAsync(_surveyOfUser, own.Where(IsOfUser), cancel);
        var (units, missing) = await host;
        var (unitsOfUser, missingOfUser) = await user;
        var ties = units.Concat(unitsOfUser).Where(static one => one.Value.Paths.Count > 0).ToDictionary(static one => one.Key, static one => new Ties([], [.. one.Value.Wishes]));
        return new Survey(ties, missing ?? missingOfUser) { Bonds = _packages?.BondsOf(FilesOf(own, units)) ?? [] };
    }

    private static List<(string Unit, string File)> FilesOf(IReadOnlyList<ResourceSpec> own, IReadOnlyDictionary<Address, UnitConfig> units) =>
    [
        .. own.Where(spec => !IsOfUser(spec) && units.TryGetValue(spec.Address, out var unit) && unit.FragmentPath.Length > 0)
            .Select(spec => (UnitName.Complete(spec.Address.Name), units[spec.Address].FragmentPath)),
    ];

    private static Task<(IReadOnlyDictionary<Address, UnitConfig> Units, string? Missing)> AskAsync(SvcSurvey survey, IEnumerable<ResourceSpec> own, CancellationToken cancel) =>
        survey.AskAsync([.. own.Select(static spec => (spec.Address, UnitName.Complete(spec.Address.Name)))], cancel);

    private void OnOutdated() => Outdated?.Invoke(this, EventArgs.Empty);
}
