using System.Security.Cryptography;

namespace Mgmt.Linux.Files;

/// <summary>The absolute path of one thing in its directory, in the forms that the kernel wants, made once.</summary>
public sealed class FilePath
{
    /// <summary>What the names of files end in that are being written.</summary>
    public const string TemporaryEnd = ".mgmt-new";

    private const int LongestName = 255;

    /// <summary>Takes an absolute path; a slash at its end is left out.</summary>
    public FilePath(string path)
    {
        if (!path.StartsWith('/')) throw new ArgumentException($"{path} is not an absolute path", nameof(path));
        Text = path.Length > 1 ? path.TrimEnd('/') : path;
        if (Text.Length == 0) Text = "/";
        var slash = Text.LastIndexOf('/');
        Folder = slash == 0 ? "/" : Text[..slash];
        Name = new FileName(Text[(slash + 1)..]);
        Full = new FileName(Text);
        Temporary = Beside(Name);
    }

    /// <summary>The whole path as text, without a slash at the end.</summary>
    public string Text { get; }

    /// <summary>Its directory.</summary>
    public string Folder { get; }

    /// <summary>Its name in that directory; empty for "/".</summary>
    public FileName Name { get; }

    /// <summary>The whole path.</summary>
    public FileName Full { get; }

    /// <summary>
    /// The name beside it under which a new version may stand for a moment. Always the same one, so that the next run finds what a killed run left.
    /// </summary>
    public FileName Temporary { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal static FileName Beside(FileName name)
    {
        var bytes = name.Bytes;
        if (bytes.Length + TemporaryEnd.Length + 1 <= LongestName) return new FileName([(byte)'.', .. bytes, .. ".mgmt-new"u8]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
        return new FileName([(byte)'.', .. bytes[..200], (byte)'-', .. new FileName(hash).Bytes, .. ".mgmt-new"u8]);
    }
}
