using Mgmt.Agent;
using Mgmt.Cli;
using Mgmt.Engine.Plans.Views;

// Before anything else is loaded: scripts ask for the version often.
if (args is ["--version", ..])
{
    using var output = Console.OpenStandardOutput();
    output.Write("mgmt "u8);
    output.Write(System.Text.Encoding.ASCII.GetBytes(typeof(Rooms).Assembly.GetName().Version!.ToString(3)));
    output.Write("\n"u8);
    return ExitCode.InOrder;
}

var surroundings = Surroundings.OfProcess();
try
{
    return await new CommandLine(surroundings, Rooms.Real).RunAsync(args);
}
catch (Exception unexpected)
{
    // The last boundary: people get a sentence, who looks for the cause gets it all.
    var isDebugging = surroundings.Environment("MGMT_DEBUG") == "1";
    surroundings.Complain($"cannot go on: {(isDebugging ? unexpected.ToString() : PlainText.Of(unexpected.Message))}\n");
    return ExitCode.CannotRun;
}
