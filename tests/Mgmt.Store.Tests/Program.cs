using Mgmt.Store.Tests.Home;
using Mgmt.Store.Tests.Measures;

namespace Mgmt.Store.Tests;

/// <summary>What the test assembly does when it is started as a program.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args)
        {
            case ["write", var path]: return WritingChild.Run(path);
            case ["measure"]: return Measure.Run();
            default:
                Console.Error.WriteLine("usage: write PATH | measure");
                return 64;
        }
    }
}
