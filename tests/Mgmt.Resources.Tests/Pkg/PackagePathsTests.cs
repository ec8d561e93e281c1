using CsCheck;
using Mgmt.Resources.Pkg;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>The paths of packages, and what they mean.</summary>
public sealed class PackagePathsTests
{
    private static readonly string[] Odd = ["/.", "./etc/a", "/etc/a/", "/etc//b", "/etc/../c", "", "relative", "/", "/x\ny", "/ä/ö", "/etc/a", "./", "/usr/share/d/e/f"];

    [Fact]
    public void What_has_something_below_it_is_a_directory() =>
        Assert.Equal(["/etc/", "/etc/a", "/etc/b/", "/etc/b/c"], PackagePaths.From(["/.", "/etc", "/etc/b", "/etc/b/c", "./etc/a", "/etc//d", "e"]));

    [Fact]
    public void Whatever_is_given_becomes_paths_in_order_and_comes_back_from_its_lines() =>
        Gen.Int[0, Odd.Length - 1].Array[0, 20].Select(places => places.Select(at => Odd[at])).Sample(given =>
        {
            var paths = PackagePaths.From(given);
            Assert.All(paths, path => Assert.True(path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && path.Length > 1));
            Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
            Assert.Equal(paths.Distinct(), paths);
            Assert.Equal(paths, PackagePaths.FromLines(paths.Lines.ToArray()));
            Assert.Equal(paths, Enumerable.Range(0, paths.Count).Select(at => paths[at]));
        });

    [Theory]
    [InlineData("/lib/systemd/system/nginx.service", "nginx.service")]
    [InlineData("/usr/lib/systemd/system/a@.socket", "a@.socket")]
    [InlineData("/etc/init.d/old", "old.service")]
    [InlineData("/etc/init.d/", "")]
    [InlineData("/lib/systemd/system/nginx.service.d/x.conf", "")]
    [InlineData("/lib/systemd/system/notes.txt", "")]
    [InlineData("/usr/share/nginx.service", "")]
    public void A_unit_is_known_by_where_its_file_is(string path, string unit) => Assert.Equal(unit, PkgTies.UnitAt(path));

    [Theory]
    [InlineData("/usr/bin/foo", "/usr/bin/foo /bin/foo")]
    [InlineData("/sbin/foo", "/sbin/foo /usr/sbin/foo")]
    [InlineData("/usr/libexec/foo/run", "/usr/libexec/foo/run")]
    [InlineData("/usr/lib/foo/run.sh", "/usr/lib/foo/run.sh /lib/foo/run.sh")]
    [InlineData("/usr/lib/x86_64-linux-gnu/libfoo.so.1", "")]
    [InlineData("/usr/share/doc/foo/bin/example", "")]
    [InlineData("/etc/foo", "")]
    public void A_program_is_known_by_its_paths(string path, string known) =>
        Assert.Equal(known, string.Join(' ', PkgTies.Of(PackagePaths.From([path])).Identities.Select(one => one.Key)));
}
