using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Exec;

/// <summary>Runs commands: once, when something happens, or where a check says so. Making the kind starts nothing.</summary>
/// <param name="spawner">Starts the commands; whoever made it disposes it, after the resources' watches and checks have ended.</param>
/// <param name="time">Measures timeouts.</param>
public sealed class ExecKind(Spawner spawner, TimeProvider time) : Kind
{
    private static readonly (Field<string> Command, Field<string> Shell)[] Commands =
    [
        (ExecFields.Command, ExecFields.Shell), (ExecFields.WatchCommand, ExecFields.WatchShell), (ExecFields.IfCommand, ExecFields.IfShell),
    ];

    /// <inheritdoc/>
    public override string Name => "exec";

    /// <inheritdoc/>
    public override string Summary => "Runs a command: once, when something happens, or where a check says so.";

    /// <inheritdoc/>
    public override FieldSet Fields => ExecFields.All;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (!values.Has(ExecFields.Command)) yield return new FieldProblem(null, "cannot do without cmd: write the command to run");
        foreach (var (command, shell) in Commands)
        {
            var text = values.Get(command);
            if (text.Length == 0 && values.Has(shell)) yield return new FieldProblem(shell, $"cannot use {shell.Name} without {command.Name}");
            if (values.Get(shell).Length == 0 && !CommandLine.TryParse(text, "", out _, out var error))
            {
                yield return new FieldProblem(command, $"cannot use {command.Name} \"{text}\": {error}");
            }
        }
    }

    /// <summary>An exec comes after the programs that it runs.</summary>
    public override Ties Tie(ResourceSpec spec) => new([], [.. ExecPrograms.Wishes(
        Commands.Select(one => (spec.Values.Get(one.Command), spec.Values.Get(one.Shell))), ExecPrograms.PathOf(spec.Values.Get(ExecFields.Environment)))]);

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => new ExecResource(ExecSettings.Read(spec.Values), spawner, time);
}
