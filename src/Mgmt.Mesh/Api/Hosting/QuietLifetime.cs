using Microsoft.Extensions.Hosting;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>Signals are the agent's: its end ends the server.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
