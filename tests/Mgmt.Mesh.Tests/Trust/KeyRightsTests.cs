using Mgmt.Mesh.Api.Calls;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class KeyRightsTests
{
    private static readonly KeyRights Rights = KeyRights.Of("a");

    [Theory]
    [InlineData("mgmt/exports/a/file", true)]
    [InlineData("mgmt/exports/a", true)]
    [InlineData("mgmt/converged/a", true)]
    [InlineData("mgmt/agents/a", true)]
    [InlineData("mgmt/exports/a-b/file", false)]
    [InlineData("mgmt/exports/ab", false)]
    [InlineData("mgmt/exports/b/file", false)]
    [InlineData("mgmt/agents/b", false)]
    [InlineData("mgmt/masters/size", false)]
    [InlineData("mgmt/trust/revoked/00", false)]
    [InlineData("mgmt/", false)]
    [InlineData("k", false)]
    public void A_host_writes_its_own_keys_and_no_others(string key, bool isAllowed)
    {
        Assert.Equal(isAllowed, Rights.Refusal(Put(key)) is null);
        Assert.Equal(isAllowed, Rights.Refusal(new Operation.DeleteRange(KeyRange.Single(Bytes.Of(key)))) is null);
        Assert.Null(KeyRights.All.Refusal(Put(key)));
    }

    [Theory]
    [InlineData("mgmt/exports/a/", "mgmt/exports/a0", true)]
    [InlineData("mgmt/exports/a/f", "mgmt/exports/a/g", true)]
    [InlineData("mgmt/exports/a", "mgmt/exports/a0", false)]
    [InlineData("mgmt/exports/a", "mgmt/exports/b", false)]
    [InlineData("mgmt/exports/a/", "mgmt/exports/a1", false)]
    [InlineData("mgmt/exports/a/", "\0", false)]
    [InlineData("\0", "\0", false)]
    [InlineData("", "mgmt/exports/a/x", false)]
    public void A_range_is_deleted_only_if_all_of_it_is_ones_own(string key, string end, bool isAllowed) =>
        Assert.Equal(isAllowed, Rights.Refusal(new Operation.DeleteRange(Range(key, end))) is null);

    [Fact]
    public void Nothing_is_hidden_in_a_transaction()
    {
        var (own, others) = (Put("mgmt/agents/a"), Put("mgmt/agents/b"));
        Assert.Null(Rights.Refusal(Txn([own], [own])));
        Assert.NotNull(Rights.Refusal(Txn([own, others], [])));
        Assert.NotNull(Rights.Refusal(Txn([own], [others])));
        Assert.NotNull(Rights.Refusal(Txn([own, Txn([Txn([], [others])], [])], [])));
        var token = new Compare(KeyRange.Single(Bytes.Of("mgmt/trust/tokens/00")), CompareTarget.Version, CompareResult.Greater, 0, default);
        Assert.NotNull(Rights.Refusal(new Operation.Txn([token], [], [])));
    }

    [Theory]
    [InlineData("mgmt/trust/tokens/00", "", false)]
    [InlineData("mgmt/trust/tokens/", "mgmt/trust/tokens0", false)]
    [InlineData("\0", "\0", false)]
    [InlineData("a", "\0", false)]
    [InlineData("mgmt/trust/", "mgmt/trust0", false)]
    [InlineData("mgmt/trust/tokens", "mgmt/trust/tokens/0", false)]
    [InlineData("mgmt/trust/tokens/zz", "mgmt/z", false)]
    [InlineData("mgmt/trust/tokens", "", true)]
    [InlineData("mgmt/trust/tokens0", "mgmt/z", true)]
    [InlineData("mgmt/trust/revoked/", "mgmt/trust/revoked0", true)]
    [InlineData("mgmt/exports/", "mgmt/exports0", true)]
    public void Tokens_are_not_shown_to_agents(string key, string end, bool isAllowed)
    {
        Assert.Equal(isAllowed, Rights.Refusal(new Operation.Range(Range(key, end))) is null);
        Assert.Null(KeyRights.All.Refusal(new Operation.Range(Range(key, end))));
    }

    [Fact]
    public void A_certificate_without_a_host_writes_nothing()
    {
        Assert.NotNull(KeyRights.Of("").Refusal(Put("mgmt/agents/")));
        Assert.NotNull(KeyRights.Of("").Refusal(Put("mgmt/exports//file")));
        Assert.NotNull(KeyRights.Of("a/b").Refusal(Put("mgmt/exports/a/b")));
    }

    [Fact]
    public void A_lease_with_anothers_key_is_not_ones_own()
    {
        Assert.Null(Rights.LeaseRefusal(7, [Bytes.Of("mgmt/agents/a"), Bytes.Of("mgmt/exports/a/file")]));
        Assert.NotNull(Rights.LeaseRefusal(7, [Bytes.Of("mgmt/agents/a"), Bytes.Of("mgmt/agents/b")]));
        Assert.Equal([7, 8], KeyRights.LeasesOf(Txn([Put("mgmt/agents/a") with { Lease = 7 }, Txn([], [Put("mgmt/agents/a") with { Lease = 8 }])], [])));
    }

    private static Operation.Put Put(string key) => new(Bytes.Of(key), default);

    private static Operation.Txn Txn(Operation[] success, Operation[] failure) => new([], success, failure);

    private static KeyRange Range(string key, string end) => new(Bytes.Of(key), end.Length == 0 ? default : Bytes.Of(end));
}
