using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.File;

/// <content>What can be written of a file.</content>
public sealed partial class FileKind
{
    internal const string Exists = "exists", Absent = "absent";
    private const int LargestMode = 0xfff;

    internal static readonly Field<string> PathField = new("path", FieldType.Text, "Where it is: an absolute path; one that ends in \"/\" is a directory. Without it, the name.", "") { Rule = PathText.CheckAbsolute };
    internal static readonly Field<string> DirNameField = new("dirname", FieldType.Text, "Replaces the directory of the path.", "") { Rule = PathText.CheckAbsolute };
    internal static readonly Field<string> BaseNameField = new("basename", FieldType.Text, "Replaces the last name of the path; with \"/\" at its end it is a directory.", "") { Rule = PathText.CheckName };
    internal static readonly Field<string> ContentField = new("content", FieldType.Text, "What it holds, as UTF-8. Without content, source and symlink only existence and rights count.", "");
    internal static readonly Field<string> SourceField = new("source", FieldType.Text, "A file on this host to copy, or, with \"/\" at its end and recurse, a directory.", "") { Rule = PathText.CheckAbsolute };
    internal static readonly Field<string> SymlinkField = new("symlink", FieldType.Text, "Make a symbolic link with this target instead of a file.", "") { Rule = CheckTarget };
    internal static readonly Field<string> StateField = new("state", FieldType.Text, "Whether it shall be there.", Exists) { OneOf = [Exists, Absent] };
    internal static readonly Field<string> ModeField = new("mode", FieldType.Text, "The permission bits as an octal number, such as \"0644\". Without it, a new file gets 0644, a new directory 0755, and others keep theirs.", "") { Rule = CheckMode };
    internal static readonly Field<string> OwnerField = new("owner", FieldType.Text, "The owner's name or number. Looked up when the file is checked.", "") { Rule = CheckAccount };
    internal static readonly Field<string> GroupField = new("group", FieldType.Text, "The group's name or number. Looked up when the file is checked.", "") { Rule = CheckAccount };
    internal static readonly Field<bool> ForceField = new("force", FieldType.Boolean, "Whether a directory may give way to a file, with all that is in it, and the reverse.", false);
    internal static readonly Field<bool> RecurseField = new("recurse", FieldType.Boolean, "Of a directory: copy the source's, purge, or remove to any depth.", false);
    internal static readonly Field<bool> PurgeField = new("purge", FieldType.Boolean, "Of a directory: remove what is in it and neither managed nor copied from the source.", false);

    private static readonly FieldSet AllFields = new(
        PathField, DirNameField, BaseNameField, ContentField, SourceField, SymlinkField, StateField, ModeField, OwnerField, GroupField,
        ForceField, RecurseField, PurgeField);

    /// <inheritdoc/>
    public override FieldSet Fields => AllFields;

    internal static int? ParseMode(string text)
    {
        if (text.Length is 0 or > 5) return null;
        var mode = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7') return null;
            mode = (mode * 8) + (digit - '0');
        }

        return mode <= LargestMode ? mode : null;
    }

    private static string? CheckMode(string text) => ParseMode(text) is null ? "it is not an octal number such as \"0644\", up to \"7777\"" : null;

    private static string? CheckTarget(string text) =>
        text.Length == 0 ? "it is empty; write where the link shall lead" : PathText.CheckBytes(text);

    private static string? CheckAccount(string text) => text.Length == 0 || text.AsSpan().ContainsAny("\0:\n/") ? "it is neither a name nor a number" : null;
}
