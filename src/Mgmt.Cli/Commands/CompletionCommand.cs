using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Shells;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt completion</c>: what a shell needs to complete the words of mgmt.</summary>
internal sealed class CompletionCommand(Surroundings surroundings, Func<CommandTree> tree) : ICommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    private readonly Operand _shell = new("SHELL", "bash, zsh or fish") { Choices = Shells };

    public string Name => "completion";

    public string Summary => "print the completions for a shell";

    public IReadOnlyList<Flag> Flags => [];

    public IReadOnlyList<Operand> Operands => [_shell];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("source <(mgmt completion bash)", "complete in this shell"),
        new("mgmt completion zsh >~/.zfunc/_mgmt", "complete in every zsh that has ~/.zfunc in its fpath"),
        new("mgmt completion fish >~/.config/fish/completions/mgmt.fish", "complete in every fish"),
    ];

    public Func<Task<int>> Read(Given given)
    {
        given.TryGet(_shell, Parse.OneOf(Shells), out var shell);
        return () =>
        {
            var levels = CompletionLevel.Of(tree());
            surroundings.Say(shell switch
            {
                "bash" => BashCompletion.Of(levels),
                "zsh" => ZshCompletion.Of(levels),
                _ => FishCompletion.Of(levels),
            });
            return Task.FromResult(ExitCode.InOrder);
        };
    }
}
