using Mgmt.Engine;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Place;

namespace Mgmt.Agent.Face;

/// <summary>
/// The socket of an agent that has no store: opened with the first graph in which people have something to say, as they have of an encrypted disk. An agent
/// that needs none does not pay for it.
/// </summary>
/// <param name="prefix">The agent's state directory.</param>
/// <param name="talk">Speaks for the agent.</param>
/// <param name="warn">Takes what an operator should know.</param>
/// <param name="time">For deadlines.</param>
internal sealed class HostSocket(string prefix, HostTalk talk, Action<string> warn, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private Task<ApiStart>? _start;

    /// <summary>To be told of each graph, one at a time. Ends when the socket is there, if the graph needs it: then somebody may be told to use it.</summary>
    public Task SeeAsync(IReadOnlyList<ResourceSpec> resources)
    {
        if (_start is null && resources.Any(static one => one.Kind is Resources.Luks.LuksKind)) _start = OpenAsync();
        return _start ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_start is { } start)
        {
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (start.IsCompletedSuccessfully && (await start).Server is { } server) await server.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task<ApiStart> OpenAsync()
    {
        // Off the loop's thread: to load all that belongs to it takes a while.
        await Task.Yield();
        var socket = new StorePlace(prefix).Socket;
        var started = await HostApi.StartAsync(socket, talk, new Log(warn), time, _ending.Token);
        if (started.Problem.Length > 0) warn($"{started.Problem}; mgmt unlock cannot reach this agent");
        return started;
    }

    private sealed class Log(Action<string> warn) : IApiLog
    {
        public void Warn(string sentence) => warn(sentence);
    }
}
