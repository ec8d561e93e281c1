using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Trust;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class JoinTokenTests
{
    [Fact]
    public void A_token_comes_back_from_its_text_and_names_its_mesh()
    {
        using var ours = new Certificates("ours");
        using var foreign = new Certificates("ours");
        var token = JoinToken.Make(ours.Authority);
        Assert.True(JoinToken.TryParse($"  {token.Text}\n", out var read));
        Assert.True(read.Secret.Span.SequenceEqual(token.Secret.Span));
        Assert.True(read.IsFor(ours.Authority));
        Assert.False(read.IsFor(foreign.Authority));
        Assert.Matches("^mgmt1\\.[A-Za-z0-9_-]{86}$", token.Text);
        Assert.Equal("mgmt1.(secret)", token.ToString());
        Assert.DoesNotContain(Convert.ToHexStringLower(token.Secret.Span), JoinToken.KeyOf(token.Secret.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mgmt1.")]
    [InlineData("mgmt1.AAAA")]
    [InlineData("mgmt2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mgmt1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("mgmt1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_token_is_told(string text) => Assert.False(JoinToken.TryParse(text, out _));
}
