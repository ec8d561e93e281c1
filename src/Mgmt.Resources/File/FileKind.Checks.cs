using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.File;

/// <content>What fields can be written together.</content>
public sealed partial class FileKind
{
    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        var written = values.Has(PathField) ? values.Get(PathField) : name;
        if (!values.Has(PathField) && !values.Has(DirNameField) && PathText.CheckAbsolute(name) is { } wrong)
            return [new(null, $"cannot use the name \"{name}\" as the path: {wrong}, or write path: as well")];
        var path = PathText.Join(written, values.Get(DirNameField), values.Get(BaseNameField));
        if (PathText.CheckAbsolute(path) is { } bad) return [new(PathField, $"cannot use the path \"{path}\": {bad}")];
        if (path == "/" && (values.Get(StateField) == Absent || values.Get(PurgeField)))
            return [new(PathField, "cannot use state: absent or purge with the path \"/\": it would remove the whole host")];
        return CheckOneContent(values)
            .Concat(values.Get(StateField) == Absent ? CheckAbsent(values) : path.EndsWith('/') ? CheckFolder(values, path) : CheckFile(values, path))
            .Concat(CheckOnlyFolder(values, path));
    }

    private static IEnumerable<FieldProblem> CheckOneContent(FieldValues values)
    {
        Field<string>[] contents = [.. new[] { ContentField, SourceField, SymlinkField }.Where(field => values.Has(field))];
        foreach (var other in contents.Skip(1))
            yield return new(other, $"cannot use {contents[0].Name} together with {other.Name}: each says what the file is; leave one out");
    }

    private static IEnumerable<FieldProblem> CheckAbsent(FieldValues values) =>
        new Field[] { ContentField, SourceField, SymlinkField, PurgeField }.Where(values.Has)
            .Select(field => new FieldProblem(field, $"cannot use {field.Name} with state: absent: nothing shall be there; leave one out"));

    private static IEnumerable<FieldProblem> CheckFolder(FieldValues values, string path)
    {
        if (path == "/" && values.Has(SourceField)) yield return new(SourceField, "cannot use source with the path \"/\": it would replace the whole host");
        if (values.Has(ContentField)) yield return new(ContentField, $"cannot use content with the path \"{path}\": it ends in \"/\", so it is a directory; leave out the \"/\"");
        if (values.Has(SymlinkField)) yield return new(SymlinkField, $"cannot use symlink with the path \"{path}\": it ends in \"/\", so it is a directory; leave out the \"/\"");
        if (!values.Has(SourceField)) yield break;
        var source = values.Get(SourceField);
        if (!source.EndsWith('/')) yield return new(SourceField, $"cannot copy \"{source}\" to \"{path}\": that is a directory, and a source that is one ends in \"/\"");
        if (!values.Get(RecurseField)) yield return new(SourceField, $"cannot copy the directory \"{source}\" without recurse: true");
        if (IsWithin(source, path) || IsWithin(path, source)) yield return new(SourceField, $"cannot copy \"{source}\" to \"{path}\": one is inside of the other");
    }

    private static IEnumerable<FieldProblem> CheckFile(FieldValues values, string path)
    {
        var source = values.Get(SourceField);
        if (source.EndsWith('/')) yield return new(SourceField, $"cannot copy the directory \"{source}\" to \"{path}\": the path of a directory ends in \"/\"");
        if (values.Has(SourceField) && source == path) yield return new(SourceField, $"cannot copy \"{source}\" to itself");
        if (values.Has(SymlinkField) && values.Has(ModeField)) yield return new(ModeField, "cannot use mode together with symlink: a symbolic link has none");
    }

    private static IEnumerable<FieldProblem> CheckOnlyFolder(FieldValues values, string path)
    {
        if (path.EndsWith('/')) yield break;
        foreach (var field in new[] { RecurseField, PurgeField }.Where(field => values.Get(field)))
            yield return new(field, $"cannot use {field.Name} with the path \"{path}\": only a directory's path, which ends in \"/\", has it");
    }

    private static bool IsWithin(string inner, string outer) => inner.StartsWith(outer, StringComparison.Ordinal);
}
