using System.Security.Cryptography;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Keeps what was learned of packages on the disk, a small file for each. Each file has a checksum of its lines: one that does not fit, or cannot be read, was never there.
/// </summary>
/// <param name="folder">Where; made with the first file.</param>
/// <param name="writer">Writes the files.</param>
internal sealed class PackageCache(string folder, FileWriter writer)
{
    private const int MostFiles = 4096, LongestName = 200;
    private const long LargestFile = 64L << 20;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly FileRights Rights = new(0x180, null, null); // 0600

    /// <summary>The lines of a file; null when there is none.</summary>
    internal byte[]? Read(string name)
    {
        try
        {
            var path = PathOf(name);
            if (new FileInfo(path) is not { Exists: true, Length: <= LargestFile }) return null;
            var bytes = System.IO.File.ReadAllBytes(path);
            var head = Head([]).Length;
            return bytes.Length >= head && bytes.AsSpan(0, head).SequenceEqual(Head(bytes.AsSpan(head))) ? bytes[head..] : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a file. A cache that cannot be written costs time, and nothing else.</summary>
    internal async Task WriteAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        if (lines.Length > LargestFile / 2) return;
        try
        {
            Directory.CreateDirectory(folder, Private);
            Prune();
            await writer.WriteAsync(new FilePath(PathOf(name)), new LiteralContent((byte[])[.. Head(lines.Span), .. lines.Span]), Rights, force: false, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is learned again the next time.
        }
    }

    private string PathOf(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var one in name)
        {
            if (char.IsAsciiLetterOrDigit(one) || "+-_~".Contains(one, StringComparison.Ordinal) || (one == '.' && plain.Length > 0)) plain.Append(one);
            else plain.Append('%').Append(((int)one).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        var text = plain.Length <= LongestName ? plain.ToString() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return Path.Combine(folder, text);
    }

    private static byte[] Head(ReadOnlySpan<byte> lines) => Encoding.ASCII.GetBytes($"mgmt-packages 1 {Convert.ToHexStringLower(SHA256.HashData(lines))}\n");

    private void Prune()
    {
        var files = new DirectoryInfo(folder).GetFiles();
        if (files.Length < MostFiles) return;
        foreach (var old in files.OrderBy(static file => file.LastWriteTimeUtc).Take(files.Length - (MostFiles * 3 / 4))) old.Delete();
    }
}
