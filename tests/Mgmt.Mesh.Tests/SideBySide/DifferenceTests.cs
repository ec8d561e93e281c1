namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>What differs on purpose still differs as it is written down, in both servers.</summary>
public sealed class DifferenceTests
{
    [EtcdFact]
    public async Task Each_difference_is_as_described()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var one in Difference.All)
        {
            Assert.Contains(one.Etcd, (await Etcdctl.RunAsync(pair.Etcd.Port, one.Command)).ToString(), StringComparison.Ordinal);
            Assert.Contains(one.Ours, (await Etcdctl.RunAsync(pair.Ours.Tcp.Port, one.Command)).ToString(), StringComparison.Ordinal);
        }
    }
}
