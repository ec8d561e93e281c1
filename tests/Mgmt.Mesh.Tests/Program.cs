using System.Globalization;
using Mgmt.Mesh.Tests.Raft;

namespace Mgmt.Mesh.Tests;

/// <summary>What the test assembly does when it is started as a program.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["member", var folder, var id, var ports, var workers]:
                return await MemberChild.RunAsync(folder, int.Parse(id, CultureInfo.InvariantCulture), ports, int.Parse(workers, CultureInfo.InvariantCulture));
            case ["measure", var folder]: return await Measure.RunAsync(folder);
            default:
                await Console.Error.WriteLineAsync("usage: member FOLDER ID PORTS WORKERS | measure FOLDER");
                return 64;
        }
    }
}
