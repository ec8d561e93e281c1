namespace Mgmt.Cli.Commands;

/// <summary>Commands that share their first word. They are made when that word is used: most runs of mgmt are of another.</summary>
/// <param name="Name">The first word.</param>
/// <param name="Summary">A few words for help.</param>
/// <param name="Example">For the help of mgmt.</param>
/// <param name="Make">Makes its commands, in the order of help.</param>
internal sealed record Family(string Name, string Summary, Example Example, Func<IReadOnlyList<ICommand>> Make)
{
    private IReadOnlyList<ICommand>? _commands;

    public IReadOnlyList<ICommand> Commands => _commands ??= Make();
}
