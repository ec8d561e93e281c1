using System.Text;
using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters;

public sealed class AgentCardTests
{
    private static readonly AgentCard Card = new()
    {
        Member = "00000000000000ab", Host = "h1", Zone = "küche", Api = "h1:2379", Raft = "[::1]:2380", Version = "0.1.0", Since = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), IsLeaving = true,
    };

    [Fact]
    public void An_offer_is_read_as_it_was_written()
    {
        Assert.Equal(Card, AgentCard.Decode(Card.Encode()));
        Assert.Equal(0xabUL, Card.MemberId);
    }

    [Fact]
    public void What_a_newer_program_says_besides_is_passed_over() =>
        Assert.Equal(Card, AgentCard.Decode(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Card.Encode()).Insert(1, "\"moods\":[{\"good\":1}],\"disk\":null,"))));

    [Fact]
    public void What_an_older_program_does_not_say_is_nothing() =>
        Assert.Equal("", AgentCard.Decode("""{"format":1,"member":"00000000000000ab","host":"h1","api":"h1:1","raft":"h1:2"}"""u8)!.Zone);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"member":"00000000000000ab","host":"h1","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":2,"member":"00000000000000ab","host":"h1","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"0000000000000000","host":"h1","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"ab","host":"h1","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"00000000000000ab","host":"","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"00000000000000ab","host":"h\u0007","api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"00000000000000ab","host":"h1","zone":null,"api":"h1:1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"00000000000000ab","host":"h1","api":"h1","raft":"h1:2"}""")]
    [InlineData("""{"format":1,"member":"00000000000000ab","host":"h1","api":"h1:1","raft":"h1:99999"}""")]
    public void What_cannot_be_is_no_offer(string text) => Assert.Null(AgentCard.Decode(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void An_offer_is_bounded_and_may_not_be_garbage()
    {
        Assert.Null(AgentCard.Decode(new byte[AgentCard.LargestBytes + 1]));
        Assert.Null(AgentCard.Decode(Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 3000))));
        Assert.Null(AgentCard.Decode([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]));
    }

    [Fact]
    public void Keys_say_whom_they_are_about()
    {
        Assert.Equal("mgmt/agents/00000000000000ab", MastersKeys.Of(MastersKeys.Agents, 0xab));
        Assert.Equal(0xabUL, MastersKeys.MemberOf(MastersKeys.Agents, "mgmt/agents/00000000000000ab"));
        Assert.Equal(0UL, MastersKeys.MemberOf(MastersKeys.Agents, "mgmt/agents/00000000000000AB"));
        Assert.Equal(0UL, MastersKeys.MemberOf(MastersKeys.Agents, "mgmt/agents/x"));
        Assert.Equal(7, MastersKeys.SizeOf("7"u8, 5));
        Assert.Equal(5, MastersKeys.SizeOf("0"u8, 5));
        Assert.Equal(5, MastersKeys.SizeOf("-3"u8, 5));
        Assert.Equal(5, MastersKeys.SizeOf("99999999999"u8, 5));
        Assert.Equal(VoteWish.Demote, MastersKeys.WishOf("demote"u8));
        Assert.Equal(VoteWish.None, MastersKeys.WishOf("delete"u8));
    }
}
