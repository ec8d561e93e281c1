using System.Net;
using System.Net.Sockets;

namespace Mgmt.Acceptance.Tests;

/// <summary>Ports of loopback that nobody has.</summary>
internal static class MeshPorts
{
    public static IReadOnlyList<int> Free(int count)
    {
        var held = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var one in held) one.Start();
        int[] ports = [.. held.Select(static one => ((IPEndPoint)one.LocalEndpoint).Port)];
        foreach (var one in held) one.Dispose();
        return ports;
    }
}
