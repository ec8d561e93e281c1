using Mgmt.Cli.Flags;
using Mgmt.Linux.Files;
using Mgmt.Linux.Memory;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Disks;

/// <summary><c>mgmt unlock</c>.</summary>
internal sealed class UnlockCommand(Surroundings surroundings) : ICommand
{
    private const int MostTries = 3;

    private readonly DiskFrame _frame = new(surroundings);

    public string Name => "unlock";

    public string Summary => "open an encrypted disk with a passphrase";

    public IReadOnlyList<Operand> Operands => [_frame.Disk];

    public IReadOnlyList<Flag> Flags => _frame.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt unlock data", "ask for the passphrase of the luks resource data, and open it"),
        new("mgmt unlock data --host db1", "the same on another host of the mesh, over TLS"),
        new("pass show disks/data | mgmt unlock data", "take it from another program"),
    ];

    public string Notes =>
        """
        The passphrase is asked for without showing it, three times at most; when standard input is no terminal it is read from
          there, without the line feed at its end. It is kept in locked memory until it is used, here and in the agent, then
          wiped, and never written anywhere. The host of --host is asked itself, as an operator, and shows its certificate.
        Exit codes: 0 it is open, 1 a wrong passphrase, or refused, 64 wrong flags, 69 no agent answers.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _frame.Read(given);
        return () => _frame.RunAsync(request, ActionOf(request), agent => UnlockAsync(request, agent));
    }

    private static string ActionOf(DiskRequest request) => $"unlock {request.Name}";

    private async Task<int> UnlockAsync(DiskRequest request, StoreClient agent)
    {
        // Whether a passphrase is needed is asked before somebody types one.
        var asked = await agent.UnlockAsync(new() { Name = request.Name }, DiskFrame.Patience, CancellationToken.None);
        if (!asked.IsThere) return _frame.Fail(asked.Failure, ActionOf(request));
        if (asked.Value.Outcome != KeyOutcome.NeedsKey) return _frame.Tell(request, ActionOf(request), asked.Value);
        try
        {
            for (var tries = 1; ; tries++)
            {
                using var key = new KeyPrompt(surroundings).Read(request.Host.Length == 0 ? request.Name : $"{request.Name} on {request.Host}", out var isTyped, out var problem);
                if (key is null) return _frame.Refuse(problem);
                var answer = await HandOverAsync(request, agent, key);
                if (!answer.IsThere) return _frame.Fail(answer.Failure, ActionOf(request));
                if (answer.Value.Outcome != KeyOutcome.WrongKey) return _frame.Tell(request, ActionOf(request), answer.Value);
                if (!isTyped || tries == MostTries) return _frame.Refuse(answer.Value.Message);
                surroundings.Complain($"{answer.Value.Message}; try again\n");
            }
        }
        catch (FileException error)
        {
            return _frame.Refuse(error.Message);
        }
    }

    private static async Task<StoreAnswer<KeyResponse>> HandOverAsync(DiskRequest request, StoreClient agent, LockedBytes key)
    {
        var message = new UnlockRequest { Name = request.Name, Key = KeyBytes.Take(key.Bytes) };
        try
        {
            return await agent.UnlockAsync(message, DiskFrame.Patience, CancellationToken.None);
        }
        finally
        {
            KeyBytes.Wipe(message.Key);
        }
    }
}
