namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh</c>: who belongs to the mesh, and who votes.</summary>
internal static class MeshFamily
{
    public static Family Of(Surroundings surroundings) => new(
        "mesh",
        "the mesh of agents: members, size, drain, undrain, promote, demote, transfer, remove, recover",
        new("mgmt mesh members", "who belongs to the mesh, and who votes"),
        () =>
        [
            new MembersCommand(surroundings),
            new SizeCommand(surroundings),
            new DrainCommand(surroundings),
            new UndrainCommand(surroundings),
            WishCommand.Promote(surroundings),
            WishCommand.Demote(surroundings),
            new TransferCommand(surroundings),
            new RemoveCommand(surroundings),
            new RecoverCommand(surroundings),
        ]);
}
