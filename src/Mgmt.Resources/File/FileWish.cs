using System.Text;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>What one file resource wants, read from its fields.</summary>
internal sealed record FileWish(FilePath Path, bool IsFolder, bool IsAbsent, byte[]? Content, string? Source, string? Symlink, RightsWish Rights, bool Force, bool Recurse, bool Purge)
{
    /// <summary>Reads checked values.</summary>
    internal static FileWish From(string name, FieldValues values)
    {
        var path = PathOf(name, values);
        return new FileWish(
            new FilePath(path),
            path.EndsWith('/'),
            values.Get(FileKind.StateField) == FileKind.Absent,
            values.Has(FileKind.ContentField) ? Encoding.UTF8.GetBytes(values.Get(FileKind.ContentField)) : null,
            values.Has(FileKind.SourceField) ? PathText.Join(values.Get(FileKind.SourceField), "", "") : null,
            values.Has(FileKind.SymlinkField) ? values.Get(FileKind.SymlinkField) : null,
            new RightsWish(FileKind.ParseMode(values.Get(FileKind.ModeField)), Account(values, FileKind.OwnerField), Account(values, FileKind.GroupField)),
            values.Get(FileKind.ForceField),
            values.Get(FileKind.RecurseField),
            values.Get(FileKind.PurgeField));
    }

    /// <summary>Where it shall be; with "/" at its end it is a directory.</summary>
    internal static string PathOf(string name, FieldValues values) =>
        PathText.Join(values.Has(FileKind.PathField) ? values.Get(FileKind.PathField) : name, values.Get(FileKind.DirNameField), values.Get(FileKind.BaseNameField));

    private static string? Account(FieldValues values, Field<string> field) => values.Has(field) ? values.Get(field) : null;
}
