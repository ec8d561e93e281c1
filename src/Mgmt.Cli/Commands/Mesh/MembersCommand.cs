using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh members</c>.</summary>
internal sealed class MembersCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);

    public string Name => "mesh members";

    public string Summary => "list the agents of the mesh: who leads, votes, could vote";

    public IReadOnlyList<Flag> Flags => _mesh.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh members", "a line for each host"),
        new("mgmt mesh members -o json | jq -r '.hosts[] | select(.role == \"down\").host'", "voters that are gone"),
    ];

    public string Notes =>
        """
        ROLE: leader, voter, learner (it is brought up to date and then votes), volunteer (it would vote), agent (it would
          not), down (it votes, and its agent is gone), unstarted (added by hand and never seen).
        LAG is how many entries a member is behind. MARKS: drained, promote and demote are what operators asked for, leaving
          is an agent that is about to stop, silent a member that did not answer.
        Exit codes: 0 listed, 1 refused, 64 wrong flags, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given);
        return () => _mesh.RunAsync(request, ListAsync);
    }

    private static async Task<int> ListAsync(MeshSession session)
    {
        var (facts, exitCode) = await session.ReadAsync("list the members", askMembers: true);
        if (facts is null) return exitCode;
        var hosts = MeshHost.AllOf(facts);
        return session.Tell(MeshView.Table(hosts).TrimEnd('\n'), json =>
        {
            MeshView.WriteHead(json, facts);
            MeshView.Write(json, hosts);
        });
    }
}
