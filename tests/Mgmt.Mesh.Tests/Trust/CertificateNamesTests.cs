using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class CertificateNamesTests
{
    [Theory]
    [InlineData("web1", true)]
    [InlineData("web-1.example.org", true)]
    [InlineData("a_b", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a..b", false)]
    [InlineData("a/b", false)]
    [InlineData("*.example.org", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("127.1", false)]
    [InlineData("localhost", false)]
    [InlineData("00c0ffee01234567", false)]
    [InlineData("xn--a\n", false)]
    public void A_hosts_name(string host, bool isOne) => Assert.Equal(isOne, CertificateNames.HostRefusal(host) is null);

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::1", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("a b", false)]
    [InlineData("*", false)]
    public void A_name_beside_it(string name, bool isOne) => Assert.Equal(isOne, CertificateNames.NamesRefusal([name]) is null);

    [Fact]
    public void Names_are_bounded()
    {
        Assert.Null(CertificateNames.NamesRefusal([.. Enumerable.Range(0, CertificateNames.Most).Select(static i => $"n{i}")]));
        Assert.NotNull(CertificateNames.NamesRefusal([.. Enumerable.Range(0, CertificateNames.Most + 1).Select(static i => $"n{i}")]));
        Assert.NotNull(CertificateNames.HostRefusal(new('a', 65)));
        Assert.NotNull(CertificateNames.NamesRefusal([new('a', 64)]));
        Assert.NotNull(CertificateNames.NamesRefusal([string.Join('.', Enumerable.Repeat("abcdefgh", 40))]));
    }
}
