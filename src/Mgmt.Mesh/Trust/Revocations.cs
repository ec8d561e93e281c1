using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// The serial numbers that are refused. They are known from the disk before the store is, so that a start without a quorum refuses them too; a number that was
/// revoked once stays so. Safe for any thread.
/// </summary>
public sealed class Revocations
{
    private const int LongestSerial = 40;

    private readonly string _path;
    private readonly Lock _lock = new();
    private ImmutableHashSet<string> _serials;

    private Revocations(string path, IEnumerable<string> serials) => (_path, _serials) = (path, serials.ToImmutableHashSet(StringComparer.Ordinal));

    /// <summary>Tells that there are more.</summary>
    internal event Action? Grown;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _serials).Count;

    /// <summary>Those on the disk; none when there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Revocations Open(string path) => new(path, File.Exists(path) ? File.ReadLines(path).Where(IsSerial) : []);

    /// <summary>Whether a certificate is refused.</summary>
    public bool Has(X509Certificate2 certificate) => Has(RoleWords.SerialOf(certificate));

    /// <summary>Whether a serial number is refused.</summary>
    public bool Has(string serial) => Volatile.Read(ref _serials).Contains(serial);

    /// <summary>Refuses these too, and remembers them.</summary>
    /// <returns>How many are new.</returns>
    public int Add(IEnumerable<string> serials)
    {
        int added;
        lock (_lock)
        {
            var all = _serials.Union(serials.Where(IsSerial));
            added = all.Count - _serials.Count;
            Volatile.Write(ref _serials, all);
        }

        if (added == 0) return 0;

        // They are refused even if the disk does not take them.
        Grown?.Invoke();
        lock (_lock) DurableFile.Write(_path, Encoding.ASCII.GetBytes(string.Concat(_serials.Order(StringComparer.Ordinal).Select(static one => one + "\n"))));
        return added;
    }

    private static bool IsSerial(string text) => text.Length is > 0 and <= LongestSerial && text.All(static c => char.IsAsciiHexDigitLower(c));
}
