using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Exec;

/// <summary>One exec's fields, ready for use.</summary>
internal sealed record ExecSettings(CommandLine Command, CommandLine? If, CommandLine? Watch, TimeSpan Timeout, string Creates, CommandSpec Surroundings)
{
    /// <summary>Whether something else than the exec's history decides if there is anything to do.</summary>
    internal bool IsGuarded => If is not null || Creates.Length > 0;

    /// <summary>Takes values that passed <see cref="ExecKind.Check"/>.</summary>
    internal static ExecSettings Read(FieldValues values)
    {
        var surroundings = new CommandSpec([])
        {
            Directory = values.Get(ExecFields.Directory),
            Environment = values.Get(ExecFields.Environment),
            User = values.Get(ExecFields.User),
            Group = values.Get(ExecFields.Group),
        };
        return new ExecSettings(
            Line(ExecFields.Command, ExecFields.Shell) ?? throw new ArgumentException("there is no cmd", nameof(values)),
            Line(ExecFields.IfCommand, ExecFields.IfShell),
            Line(ExecFields.WatchCommand, ExecFields.WatchShell),
            TimeSpan.FromMilliseconds(values.Get(ExecFields.Timeout)),
            values.Get(ExecFields.Creates),
            surroundings);

        CommandLine? Line(Field<string> command, Field<string> shell) =>
            CommandLine.TryParse(values.Get(command), values.Get(shell), out var line, out var error) ? line : throw new ArgumentException(error, nameof(values));
    }
}
