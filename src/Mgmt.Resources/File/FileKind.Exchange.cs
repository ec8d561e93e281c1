using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.File;

/// <content>
/// Files that travel: one regular file, or none, under its last name in a directory that the collector names. What else a file resource can be reaches beyond that place or into the
/// exporter's own disk, and stays at home.
/// </content>
public sealed partial class FileKind
{
    private const int PlainModes = 0x1ff;

    private static (Field Field, string Why)[] StayAtHome =>
    [
        (SourceField, "the file to copy is on this host's disk alone; write content"),
        (SymlinkField, "a link could lead anywhere on the host that collects it; write content"),
        (ForceField, "what has to give way is for the host to say that collects it"),
        (RecurseField, "only a regular file is exported"),
        (PurgeField, "only a regular file is exported"),
    ];

    /// <inheritdoc/>
    public override bool RunsForExporter => false;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> CheckExport(string name, FieldValues values)
    {
        foreach (var (field, why) in StayAtHome.Where(one => values.Has(one.Field))) yield return new(field, $"cannot export {field.Name}: {why}");
        var path = FileWish.PathTextOf(name, values);
        if (PathText.CheckExported(path) is { } wrong) yield return new(PathField, $"cannot export the path \"{path}\": {wrong}");
        if (ParseMode(values.Get(ModeField)) is { } mode && (mode & ~PlainModes) != 0)
            yield return new(ModeField, $"cannot export the mode \"{values.Get(ModeField)}\": setuid, setgid and sticky are not given to other hosts; use at most \"0777\"");
    }

    /// <inheritdoc/>
    public override string? CheckPattern(string pattern) =>
        pattern.Length == 0 ? "files are put into a directory; write one, such as pattern: /tmp/"
        : PathText.CheckAbsolute(pattern) ?? (pattern.EndsWith('/') ? null : "it is no directory; end it with \"/\"");

    /// <inheritdoc/>
    public override FieldValues Collect(string name, FieldValues values, string pattern)
    {
        var path = FileWish.PathTextOf(name, values);
        var here = values.Written.Where(one => one.Key != PathField && one.Key != DirNameField && one.Key != BaseNameField).ToDictionary();
        here.Add(PathField, PathText.Join(pattern + path[(path.LastIndexOf('/') + 1)..], "", ""));
        return new FieldValues(AllFields, here);
    }
}
