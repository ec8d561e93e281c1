using Mgmt.Agent;
using Mgmt.Cli;
using Mgmt.Engine.Plans.Views;

var surroundings = Surroundings.OfProcess();
try
{
    // Before the commands are loaded: scripts ask for the version often.
    if (args is not ["--version", ..]) return await new CommandLine(surroundings, Rooms.Real).RunAsync(args);
    surroundings.Say($"mgmt {typeof(Rooms).Assembly.GetName().Version!.ToString(3)}\n");
    return ExitCode.InOrder;
}
catch (Exception unexpected)
{
    // The last boundary: people get a sentence, who looks for the cause gets it all.
    var isDebugging = surroundings.Environment("MGMT_DEBUG") == "1";
    surroundings.Complain($"cannot go on: {(isDebugging ? unexpected.ToString() : PlainText.Of(unexpected.Message))}\n");
    return ExitCode.CannotRun;
}
