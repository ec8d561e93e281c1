using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests;

/// <summary>For tests that do not care about terms: they rise now and then.</summary>
internal static class Terms
{
    public static long Of(long index) => 1 + (index / 40);

    public static Applied? Apply(this StoreMachine machine, long index, Proposal proposal) => machine.Apply(index, Of(index), proposal);
}
