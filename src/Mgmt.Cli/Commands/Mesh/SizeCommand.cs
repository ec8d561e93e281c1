using System.Globalization;
using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Masters;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh size</c>.</summary>
internal sealed class SizeCommand(Surroundings surroundings) : ICommand
{
    private readonly MeshFrame _mesh = new(surroundings);
    private readonly Operand _size = new("N", "how many voters there should be, 1 to 15; without it, the number now", isOptional: true);
    private readonly Flag<bool> _wait = MeshFrame.Wait("until as many vote as there are to be");

    public string Name => "mesh size";

    public string Summary => "show or set how many voters there should be";

    public IReadOnlyList<Operand> Operands => [_size];

    public IReadOnlyList<Flag> Flags => [_wait, .. _mesh.WaitingFlags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh size", "the ideal number, and how many vote"),
        new("mgmt mesh size 3 --wait", "have three, and wait for them"),
    ];

    public string Notes =>
        """
        The mesh has the largest odd number of voters that neither this number nor that of the hosts that can vote is below:
          of an even number the odd one below counts, as one more would make writes slower and survive no more losses.
        Exit codes: 0 shown or set (and, with --wait, so many vote), 1 refused, 64 wrong flags, 69 no store, or waited too long.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _mesh.Read(given);
        int? size = given.TryGet(_size, ReadSize, out int read) ? read : null;
        var wait = given.Get(_wait, false);
        return () => _mesh.RunAsync(request, session => RunAsync(session, size, wait));
    }

    private static string? ReadSize(string text, out int value)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isNumber && value is >= 1 and <= MastersKeys.LargestSize ? null : $"it is not a number from 1 to {MastersKeys.LargestSize}";
    }

    private static async Task<int> RunAsync(MeshSession session, int? size, bool wait)
    {
        var action = size is { } number ? $"set the size to {number}" : "show the size";
        if (size is { } wanted && await session.ChangeAsync(MeshKeys.Change([(MastersKeys.Size, MeshKeys.Text(wanted))], []), action) is not ExitCode.InOrder and var refused) return refused;
        if (wait && await session.WaitAsync(Rest, "the mesh goes on towards it") is not ExitCode.InOrder and var late) return late;
        var (facts, exitCode) = await session.ReadAsync(action);
        return facts is null ? exitCode : session.Tell(Words(facts), json => Write(json, facts));
    }

    private static string Rest(MeshFacts facts)
    {
        var voters = facts.Voters.ToList();
        var leaving = voters.FirstOrDefault(one => facts.IsToLeave(one.ID) && voters.Count > 1);
        if (leaving is not null) return $"{leaving.Name} is to leave";
        return voters.Count == facts.Target ? "" : $"{voters.Count} of {facts.Target} vote";
    }

    private static string Words(MeshFacts facts)
    {
        var odd = facts.OddSize == facts.Size ? "" : $" (of an even number the largest odd one below counts: {facts.OddSize})";
        var can = facts.Cards.Values.Count(facts.CanVote);
        var want = facts.Target == facts.Voters.Count() ? "" : $", and {facts.Target} are to";
        return $"ideal size {facts.Size}{odd}: {facts.Voters.Count()} vote{want}, {can} could";
    }

    private static void Write(Utf8JsonWriter json, MeshFacts facts)
    {
        json.WriteNumber("size", facts.Size);
        json.WriteNumber("target", facts.Target);
        json.WriteNumber("voters", facts.Voters.Count());
        json.WriteNumber("can_vote", facts.Cards.Values.Count(facts.CanVote));
    }
}
