using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

public sealed partial class SvcKind : ISurveyor
{
    private readonly SvcSurvey _surveyOfHost, _surveyOfUser;
    private volatile IReadOnlyDictionary<Address, string> _unitFiles = new Dictionary<Address, string>();

    /// <inheritdoc/>
    public event EventHandler? Outdated;

    /// <summary>The unit file of each service of the host, as systemd told at the last survey; those without one are left out. A package's list of files has the same path.</summary>
    public IReadOnlyDictionary<Address, string> UnitFilePaths => _unitFiles;

    /// <summary>A service is its unit, and comes after the files of it that are managed, wherever systemd reads them.</summary>
    public override Ties Tie(ResourceSpec spec)
    {
        var unit = UnitName.Complete(spec.Address.Name);
        if (IsOfUser(spec)) return new Ties([new Identity("user-unit", unit)], []);
        var wishes = UnitFiles.Names(unit).Select(UnitFiles.File).Concat(UnitFiles.DropInNames(unit).Select(UnitFiles.DropIns));
        return new Ties([new Identity("unit", unit)], [.. wishes.Select(static one => new EdgeWish([one], Notify: true))]);
    }

    /// <summary>A service comes after each managed file that its unit names, its configuration above all.</summary>
    public async ValueTask<Survey> SurveyAsync(IReadOnlyList<ResourceSpec> own, CancellationToken cancel)
    {
        var host = AskAsync(_surveyOfHost, own.Where(static spec => !IsOfUser(spec)), cancel);
        var user = AskAsync(_surveyOfUser, own.Where(IsOfUser), cancel);
        var (units, missing) = await host;
        var (unitsOfUser, missingOfUser) = await user;
        _unitFiles = units.Where(static one => one.Value.FragmentPath.Length > 0).ToDictionary(static one => one.Key, static one => one.Value.FragmentPath);
        var ties = units.Concat(unitsOfUser).Where(static one => one.Value.Paths.Count > 0).ToDictionary(static one => one.Key, static one => new Ties([], [.. one.Value.Wishes]));
        return new Survey(ties, missing ?? missingOfUser);
    }

    private static Task<(IReadOnlyDictionary<Address, UnitConfig> Units, string? Missing)> AskAsync(SvcSurvey survey, IEnumerable<ResourceSpec> own, CancellationToken cancel) =>
        survey.AskAsync([.. own.Select(static spec => (spec.Address, UnitName.Complete(spec.Address.Name)))], cancel);

    private void OnOutdated() => Outdated?.Invoke(this, EventArgs.Empty);
}
