using System.Text;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Reads dpkg's status file (deb822): paragraphs of fields, of which three lines and a name count here. It is read as it streams by, so that its size
/// costs no memory; whatever does not belong there is skipped.
/// </summary>
internal sealed class DpkgStatus : IInstalledPackages
{
    private const int LongestLine = 1024, MostPackages = 1_000_000;

    private readonly Dictionary<string, List<InstalledPackage>> _packages = new(StringComparer.Ordinal);
    private int _count;
    private string _name = "", _version = "", _architecture = "", _status = "";

    private DpkgStatus()
    {
    }

    /// <summary>The host's own architecture: dpkg's own; empty when it does not say so.</summary>
    internal string NativeArchitecture { get; private set; } = "";

    /// <summary>How many packages are there, in whatever state.</summary>
    internal int Count => _count;

    /// <summary>Reads to the end of a stream.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static DpkgStatus Read(Stream stream)
    {
        var status = new DpkgStatus();
        Span<byte> buffer = new byte[64 * 1024];
        var (kept, isCut) = (0, false);
        while (stream.Read(buffer[kept..]) is var count and > 0)
        {
            var rest = status.TakeLines(buffer[..(kept + count)], ref isCut);
            if (rest.Length > LongestLine)
            {
                // Only long texts have such lines: what follows of it is skipped.
                if (!isCut) status.TakeLine(rest[..LongestLine]);
                rest = default;
                isCut = true;
            }

            rest.CopyTo(buffer);
            kept = rest.Length;
        }

        if (kept > 0 && !isCut) status.TakeLine(buffer[..kept]);
        status.EndParagraph();
        status.NativeArchitecture = status._packages.GetValueOrDefault("dpkg")?.Find(static one => one.State != PackageState.Absent)?.Architecture ?? "";
        return status;
    }

    public InstalledPackage Find(PackageName package)
    {
        if (!_packages.TryGetValue(package.Name, out var found)) return InstalledPackage.Absent;
        // A foreign one does not count where none was asked for: the package tools would install the host's own beside it.
        var wanted = package.Architecture.Length > 0 ? package.Architecture : NativeArchitecture;
        var best = InstalledPackage.Absent;
        foreach (var one in found)
        {
            if ((one.Architecture == wanted || one.Architecture == "all" || wanted.Length == 0) && one.State > best.State) best = one;
        }

        return best;
    }

    private ReadOnlySpan<byte> TakeLines(ReadOnlySpan<byte> bytes, ref bool isCut)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (!isCut) TakeLine(bytes[..end]);
            isCut = false;
            bytes = bytes[(end + 1)..];
        }

        return bytes;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t\r"u8).IsEmpty) EndParagraph();
        else if (line.StartsWith("Package:"u8)) _name = Value(line, 8);
        else if (line.StartsWith("Status:"u8)) _status = Value(line, 7);
        else if (line.StartsWith("Version:"u8)) _version = Value(line, 8);
        else if (line.StartsWith("Architecture:"u8)) _architecture = Value(line, 13);
    }

    private static string Value(ReadOnlySpan<byte> line, int from) => Encoding.UTF8.GetString(line[from..].Trim(" \t\r"u8));

    private void EndParagraph()
    {
        if (_name.Length > 0 && _count < MostPackages && StateOf(_status, out var isHeld) is var state)
        {
            _count++;
            if (!_packages.TryGetValue(_name, out var list)) _packages.Add(_name, list = []);
            list.Add(state == PackageState.Absent ? InstalledPackage.Absent : new InstalledPackage(state, _version, _architecture, isHeld));
        }

        (_name, _version, _architecture, _status) = ("", "", "", "");
    }

    /// <summary>The three words are what is wanted, whether a reinstallation is needed, and what is (dpkg(1)).</summary>
    private static PackageState StateOf(string status, out bool isHeld)
    {
        var words = status.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        isHeld = words is ["hold", ..];
        if (words is not [_, var flag, var state]) return PackageState.Absent;
        if (flag != "ok" && state is not ("not-installed" or "config-files")) return PackageState.Broken;
        return state switch
        {
            "installed" or "triggers-awaited" or "triggers-pending" => PackageState.Installed,
            "unpacked" or "half-installed" or "half-configured" => PackageState.Broken,
            _ => PackageState.Absent,
        };
    }
}
