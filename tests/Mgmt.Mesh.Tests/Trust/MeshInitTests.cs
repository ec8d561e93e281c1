using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class MeshInitTests : IDisposable
{
    private readonly string _prefix = Directory.CreateTempSubdirectory("mgmt-init-").FullName;
    private readonly TlsFolder _folder;

    public MeshInitTests() => _folder = new(_prefix);

    [Fact]
    public void A_mesh_begins_with_an_authority_an_operator_and_a_voter()
    {
        Assert.Equal("", Run().Problem);
        Assert.Equal(["ca.key", "ca.pem", "cert.pem", "key.pem", "operator.key", "operator.pem"], Directory.GetFiles(_folder.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Folder));
        Assert.All(Directory.GetFiles(_folder.Folder), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_folder.Authority);
        var limits = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(limits is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.InRange(authority.NotAfter, DateTime.Now.AddYears(10).AddDays(-1), DateTime.Now.AddYears(10).AddDays(1));
        using var tls = MeshTls.Load(_prefix);
        Assert.Equal(("a", Role.Voter), (RoleWords.HostOf(tls.Certificate), RoleWords.RoleOf(tls.Certificate)));
        Assert.True(tls.Certificate.MatchesHostname("a.example.org") && tls.Certificate.MatchesHostname("127.0.0.1") && tls.Certificate.MatchesHostname("a"));
        Assert.False(tls.Certificate.MatchesHostname("b"));
        Assert.True(tls.Api.IsTrusted(tls.Certificate));
        using var person = X509Certificate2.CreateFromPemFile(_folder.OperatorCertificate, _folder.OperatorKey);
        Assert.Equal(Role.Operator, RoleWords.RoleOf(person));
        Assert.True(tls.Api.IsTrusted(person));
    }

    [Fact]
    public void What_is_there_is_never_replaced()
    {
        Run();
        var before = Contents();
        Assert.StartsWith("cannot make a mesh in", Run().Problem, StringComparison.Ordinal);
        File.Delete(_folder.AuthorityKey);
        Assert.StartsWith("cannot make a mesh in", Run().Problem, StringComparison.Ordinal);
        before.Remove(_folder.AuthorityKey);
        Assert.Equal(before, Contents());
    }

    // The files in the order in which they are written: a crash leaves the first ones.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_was_cut_off_is_finished(int files)
    {
        Run();
        string[] all = [_folder.AuthorityKey, _folder.Authority, _folder.OperatorKey, _folder.OperatorCertificate, _folder.Key, _folder.Certificate];
        foreach (var file in all.Skip(files)) File.Delete(file);
        var authority = files >= 2 ? File.ReadAllText(_folder.Authority) : null;
        Assert.Equal("", Run().Problem);
        if (authority is not null) Assert.Equal(authority, File.ReadAllText(_folder.Authority));
        using var tls = MeshTls.Load(_prefix);
        using var person = X509Certificate2.CreateFromPemFile(_folder.OperatorCertificate, _folder.OperatorKey);
        Assert.True(tls.Api.IsTrusted(tls.Certificate) && tls.Api.IsTrusted(person));
    }

    // The next pair is written as key, then certificate, and moved in the same order.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_renewal_that_was_cut_off_leaves_one_pair_or_the_other(int moved)
    {
        Run();
        using var authority = MeshAuthority.Load(_folder)!;
        using var key = _folder.NextKeyOrNew();
        using var next = authority.Issue(new(new PublicKey(key), "a", Role.Voter, [], TimeSpan.FromDays(1)), DateTimeOffset.UtcNow);
        if (moved > 0) TlsFolder.Write(_folder.NextCertificate, next.ExportCertificatePem());
        if (moved > 1) File.Move(_folder.NextKey, _folder.Key, overwrite: true);
        using var tls = MeshTls.Load(_prefix);
        Assert.Equal(moved > 0, RoleWords.SerialOf(tls.Certificate) == RoleWords.SerialOf(next));
    }

    [Fact]
    public void Other_founders_get_what_they_begin_with()
    {
        Assert.Equal("", Run(new("b", HostNames.Of("10.0.0.2")), new("c", HostNames.Of("c.example.org"))).Problem);
        using var own = MeshTls.Load(_prefix);
        foreach (var (host, name) in new[] { ("b", "10.0.0.2"), ("c", "c.example.org") })
        {
            var folder = _folder.OfFounder(host);
            Assert.Equal(["ca.pem", "cert.pem", "key.pem"], Directory.GetFiles(folder.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Folder));
            Assert.All(Directory.GetFiles(folder.Folder), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
            using var tls = MeshTls.Load(folder.Prefix);
            Assert.Equal((host, Role.Voter), (RoleWords.HostOf(tls.Certificate), RoleWords.RoleOf(tls.Certificate)));
            Assert.True(tls.Certificate.MatchesHostname(name) && tls.Certificate.MatchesHostname(host));
            Assert.True(own.Api.IsTrusted(tls.Certificate) && tls.Api.IsTrusted(own.Certificate));
        }
    }

    [Theory]
    [InlineData("a", "10.0.0.2", "cannot make an identity for host a: a is that of another founder")]
    [InlineData("b", "a.example.org", "cannot make an identity for host b: a.example.org is that of another founder")]
    [InlineData("b/..", "b", "cannot make an identity for host b/..: ")]
    public void Founders_are_hosts_of_their_own(string host, string name, string problem)
    {
        Assert.StartsWith(problem, Run(new Founder(host, [name])).Problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Folder));
    }

    [Fact]
    public void A_new_operator_is_made_where_the_authoritys_key_is()
    {
        Assert.Contains("ca.key is missing", new MeshInit(_prefix, new(), TimeProvider.System).RenewOperator().Problem, StringComparison.Ordinal);
        Run();
        var before = File.ReadAllText(_folder.OperatorCertificate);
        Assert.Equal("", new MeshInit(_prefix, new(), TimeProvider.System).RenewOperator().Problem);
        Assert.NotEqual(before, File.ReadAllText(_folder.OperatorCertificate));
    }

    [Fact]
    public void A_key_that_others_may_read_is_not_used()
    {
        Run();
        File.SetUnixFileMode(_folder.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<MeshException>(() => MeshTls.Load(_prefix)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(_folder.AuthorityKey, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<MeshException>(() => MeshAuthority.Load(_folder)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_prefix, recursive: true);

    private InitResult Run(params IReadOnlyList<Founder> others) => new MeshInit(_prefix, new(), TimeProvider.System).Run(new("a", HostNames.Of("a.example.org")), others);

    private Dictionary<string, string> Contents() => Directory.GetFiles(_folder.Folder).ToDictionary(static file => file, File.ReadAllText);
}
