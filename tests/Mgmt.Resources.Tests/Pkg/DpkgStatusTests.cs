using System.Text;
using CsCheck;
using Mgmt.Resources.Pkg;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>dpkg's status file, as it is and as it should not be.</summary>
public sealed class DpkgStatusTests
{
    private const string Host = "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21\n\n";

    private static readonly string[] Lines =
    [
        "Package: a", "Package:", "Status: install ok installed", "Status:", "Version: 1", "Architecture: all", "", " ", "\r", "\0", "Package: \u00ff", ":", "Status: \t ok\tx", new('y', 3000),
    ];

    [Theory]
    [InlineData("install ok installed", PackageState.Installed, false)]
    [InlineData("install ok triggers-pending", PackageState.Installed, false)]
    [InlineData("install ok triggers-awaited", PackageState.Installed, false)]
    [InlineData("hold ok installed", PackageState.Installed, true)]
    [InlineData("deinstall ok installed", PackageState.Installed, false)]
    [InlineData("install ok unpacked", PackageState.Broken, false)]
    [InlineData("install ok half-configured", PackageState.Broken, false)]
    [InlineData("install reinstreq half-installed", PackageState.Broken, false)]
    [InlineData("install reinstreq installed", PackageState.Broken, false)]
    [InlineData("deinstall ok config-files", PackageState.Absent, false)]
    [InlineData("unknown ok not-installed", PackageState.Absent, false)]
    [InlineData("purge ok not-installed", PackageState.Absent, false)]
    [InlineData("install", PackageState.Absent, false)]
    [InlineData("", PackageState.Absent, false)]
    [InlineData("install ok installed and more", PackageState.Absent, false)]
    [InlineData("install ok of-the-future", PackageState.Absent, false)]
    public void A_state_is_what_its_three_words_say(string words, object state, bool isHeld)
    {
        var found = Read($"{Host}Package: a\nStatus: {words}\nArchitecture: amd64\nVersion: 1:2.0-3+b1\n").Find(new PackageName("a", ""));
        Assert.Equal((PackageState)state, found.State);
        Assert.Equal((PackageState)state == PackageState.Absent ? "" : "1:2.0-3+b1", found.Version);
        Assert.Equal(isHeld, found.IsHeld);
    }

    [Fact]
    public void The_hosts_own_architecture_is_meant_unless_another_is_named()
    {
        var status = Read(Host + Package("both", "i386", "1") + Package("both", "amd64", "2") + Package("foreign", "i386", "3") + Package("any", "all", "4"));
        Assert.Equal("amd64", status.NativeArchitecture);
        Assert.Equal("2", status.Find(PackageName.Parse("both")).Version);
        Assert.Equal("1", status.Find(PackageName.Parse("both:i386")).Version);
        Assert.Equal("2", status.Find(PackageName.Parse("both:amd64")).Version);
        Assert.Equal(PackageState.Absent, status.Find(PackageName.Parse("foreign")).State);
        Assert.Equal("3", status.Find(PackageName.Parse("foreign:i386")).Version);
        Assert.Equal("4", status.Find(PackageName.Parse("any")).Version);
        Assert.Equal(PackageState.Absent, status.Find(PackageName.Parse("none")).State);
    }

    [Fact]
    public void Where_it_stands_in_the_file_does_not_count()
    {
        var filler = "Description: " + new string('x', 200_000) + "\n Package: inner\n continued\nVersions: 9\nStatusx: install ok installed\n";
        for (var shift = 65_500; shift < 65_570; shift++)
        {
            var status = Read($"Maintainer: {new string('m', shift)}\n{Host}Package: a\n{filler}Status: install ok installed\nArchitecture: amd64\nVersion: 1\n\n\n\n{Package("b", "all", "2")}");
            Assert.Equal("1", status.Find(new PackageName("a", "")).Version);
            Assert.Equal("2", status.Find(new PackageName("b", "")).Version);
            Assert.Equal(3, status.Count);
        }
    }

    [Fact]
    public void Whatever_bytes_there_are_are_read_to_their_end()
    {
        var line = Gen.Int[0, Lines.Length - 1].Select(at => Lines[at]);
        Gen.Select(line.Array[0, 40], Gen.Byte.Array[0, 200]).Sample((lines, noise) =>
        {
            using var stream = new MemoryStream([.. Encoding.UTF8.GetBytes(string.Join('\n', lines)), .. noise]);
            DpkgStatus.Read(stream).Find(new PackageName("a", ""));
        });
    }

    [Fact]
    public void This_hosts_own_is_read_as_dpkg_reads_it()
    {
        if (!System.IO.File.Exists("/var/lib/dpkg/status")) return;
        using var stream = System.IO.File.OpenRead("/var/lib/dpkg/status");
        Assert.True(DpkgStatus.Read(stream).Find(new PackageName("dpkg", "")).IsInstalled);
    }

    private static string Package(string name, string architecture, string version) =>
        $"Package: {name}\nStatus: install ok installed\nPriority: optional\nArchitecture: {architecture}\nVersion: {version}\n\n";

    private static DpkgStatus Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return DpkgStatus.Read(stream);
    }
}
