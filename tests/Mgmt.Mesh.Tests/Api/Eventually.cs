using System.Diagnostics;

namespace Mgmt.Mesh.Tests.Api;

internal static class Eventually
{
    /// <summary>Looks until it holds, and says what it saw when it does not in time.</summary>
    public static async Task HoldsAsync(Func<bool> holds, Func<string> seen)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), seen());
            await Task.Delay(5);
        }
    }
}
