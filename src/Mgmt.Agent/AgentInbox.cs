using System.Threading.Channels;

namespace Mgmt.Agent;

/// <summary>Where everything that the agent's loop must know of is posted. Any thread may post; nobody ever waits to.</summary>
internal sealed class AgentInbox : IDisposable
{
    // Each sender sends few; when so many wait, another reload or status would only repeat one of them.
    private const int MostMessages = 1024;

    private readonly Channel<AgentMessage> _messages = Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(MostMessages) { SingleReader = true });
    private readonly CancellationTokenSource _hurry = new();
    private int _stops;
    private int _isReloadWaiting;

    /// <summary>Cancelled when the agent is told to end for the second time.</summary>
    public CancellationToken Hurry => _hurry.Token;

    public int Count => _messages.Reader.Count;

    public void Post(AgentMessage message)
    {
        // The loop does not read while it ends: that it is to hurry must reach it by another way.
        if (message is AgentMessage.Stop && Interlocked.Increment(ref _stops) > 1) _hurry.Cancel();
        if (message is AgentMessage.Reload { IsSure: false } && Interlocked.Exchange(ref _isReloadWaiting, 1) == 1) return;
        _messages.Writer.TryWrite(message);
    }

    /// <summary>To be called before the files are read: what changes from here on asks for another reload.</summary>
    public void ReloadBegins() => Interlocked.Exchange(ref _isReloadWaiting, 0);

    public IAsyncEnumerable<AgentMessage> ReadAllAsync() => _messages.Reader.ReadAllAsync();

    public void Dispose() => _hurry.Dispose();
}
