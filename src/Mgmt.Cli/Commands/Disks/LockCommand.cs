using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Disks;

/// <summary><c>mgmt lock</c>.</summary>
internal sealed class LockCommand(Surroundings surroundings) : ICommand
{
    private readonly DiskFrame _frame = new(surroundings);

    public string Name => "lock";

    public string Summary => "unmount and close an encrypted disk";

    public IReadOnlyList<Operand> Operands => [_frame.Disk];

    public IReadOnlyList<Flag> Flags => _frame.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt lock data", "unmount all that is on the disk, the last first, and close it"),
        new("mgmt lock data --host db1", "the same on another host of the mesh"),
    ];

    public string Notes =>
        """
        It stays closed until mgmt unlock; what depends on it waits. When something on it is in use, it is not closed, and what
          was unmounted is mounted again. A disk with a keyfile is opened again by the agent's next start.
        Exit codes: 0 it is closed, 1 refused, 64 wrong flags, 69 no agent answers.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _frame.Read(given);
        var action = $"lock {request.Name}";
        return () => _frame.RunAsync(request, action, async agent =>
        {
            var answer = await agent.LockAsync(new() { Name = request.Name }, DiskFrame.Patience, CancellationToken.None);
            return answer.IsThere ? _frame.Tell(request, action, answer.Value) : _frame.Fail(answer.Failure, action);
        });
    }
}
