using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Machine;

public sealed class MemberTests
{
    private static readonly Member One = new(7, "h1", ["http://h1:2380"], ["http://h1:2379"], false);

    [Fact]
    public void Members_are_equal_by_what_their_lists_hold_and_keep_what_they_were_given()
    {
        var urls = new List<string> { "http://h1:2380" };
        var member = One with { PeerUrls = urls };
        var other = new Member(7, "h1", urls, ["http://h1:2379"], false);
        urls.Add("http://elsewhere");
        Assert.Equal(One, member);
        Assert.Equal(One, other);
        Assert.Equal(One.GetHashCode(), member.GetHashCode());
        Assert.NotEqual(One, One with { PeerUrls = ["http://h2:2380"] });
        Assert.NotEqual(One, One with { ClientUrls = [] });
        Assert.NotEqual(One, One with { IsLearner = true });
    }

    [Fact]
    public void A_change_of_members_takes_no_revision_and_changes_the_hash_of_everything()
    {
        var machine = new StoreMachine(StoreView.Empty(1));
        machine.Pass(1, 1);
        var hash = machine.View.HashAll();
        Assert.Equal("@1 members 7 'h1' [http://h1:2380] [http://h1:2379] False", Text.Of(Do(machine, new Command.MemberSet(One))));
        Assert.Equal(1, machine.View.Revision);
        var with = new StoreMachine(machine.View);
        var without = new StoreMachine(StoreView.Empty(1));
        with.Pass(9, 1);
        without.Pass(9, 1);
        Assert.NotEqual(without.View.HashAll(), with.View.HashAll());
        Assert.Equal("@1 members ", Text.Of(Do(machine, new Command.MemberRemove(7))));
        Assert.Equal(new Response.Failed(StoreError.MemberNotFound), Do(machine, new Command.MemberRemove(7)));
        Assert.NotEqual(hash, machine.View.HashAll());
    }

    [Fact]
    public void As_many_as_may_be_and_not_one_more()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        for (var i = 1; i <= Limits.Members; i++) Do(machine, new Command.MemberSet(One with { Id = (ulong)i }));
        Assert.Equal(new Response.Failed(StoreError.TooManyMembers), Do(machine, new Command.MemberSet(One with { Id = ulong.MaxValue })));
        Assert.IsType<Response.Members>(Do(machine, new Command.MemberSet(One with { Id = 5, Name = "anew" })));
        Assert.Equal(Limits.Members, ModelTests.Copied(machine.View).Members.Count);
    }

    [Fact]
    public void Members_can_be_changed_while_a_members_data_is_in_doubt()
    {
        var machine = new StoreMachine(StoreView.Empty(1));
        Do(machine, new Command.AlarmChange(AlarmAction.Activate, new(9, AlarmKind.Corrupt)));
        Assert.IsType<Response.Members>(Do(machine, new Command.MemberSet(One)));
        Assert.IsType<Response.Members>(Do(machine, new Command.MemberRemove(7)));
    }

    private static Response Do(StoreMachine machine, Command command) => machine.Apply(machine.View.Index + 1, new(default, command))!.Response;
}
