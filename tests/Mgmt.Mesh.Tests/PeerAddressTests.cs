using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Tests;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("host", "host:2379")]
    [InlineData("Host.Example:1", "host.example:1")]
    [InlineData("10.0.0.1:65535", "10.0.0.1:65535")]
    [InlineData("[fe80::1]", "[fe80::1]:2379")]
    [InlineData("[::1]:7", "[::1]:7")]
    [InlineData("::1", "[::1]:2379")]
    public void An_address_is_read_as_people_write_it(string text, string address)
    {
        Assert.True(PeerAddress.TryParse(text, 2379, out var read));
        Assert.Equal(address, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:x")]
    [InlineData("host:-1")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("user@host")]
    public void What_is_none_is_refused(string text) => Assert.False(PeerAddress.TryParse(text, 2379, out _));
}
