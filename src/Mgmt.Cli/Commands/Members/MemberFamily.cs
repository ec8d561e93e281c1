namespace Mgmt.Cli.Commands.Members;

/// <summary><c>mgmt member</c>: who keeps the store.</summary>
internal static class MemberFamily
{
    public static Family Of(Surroundings surroundings) => new("member", "who keeps the store: list", new("mgmt member list", "the members of the mesh's store"), () => [new MemberListCommand(surroundings)]);
}
