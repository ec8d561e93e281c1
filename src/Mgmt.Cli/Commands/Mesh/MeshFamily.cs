namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh</c>: who belongs to the mesh.</summary>
internal static class MeshFamily
{
    public static Family Of(Surroundings surroundings) => new(
        "mesh",
        "who belongs to the mesh: init, token, revoke, operator, recover",
        new("mgmt mesh token", "let one more host in"),
        () => [new MeshInitCommand(surroundings), new MeshTokenCommand(surroundings), new MeshRevokeCommand(surroundings), new MeshOperatorCommand(surroundings), new RecoverCommand(surroundings)]);
}
