using System.Threading.Channels;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Raft;

/// <summary>Who leads, from what Raft tells piece by piece; each change is told once, in order, by one thread at a time.</summary>
internal sealed class LeadershipFeed
{
    private readonly Lock _gate = new();
    private readonly ulong _member;
    private readonly Channel<Leadership> _changes = Channel.CreateUnbounded<Leadership>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _telling;

    public LeadershipFeed(ulong member, Action<Leadership> tell)
    {
        _member = member;
        _telling = TellAsync(tell);
    }

    public Leadership Current { get; private set; } = Leadership.None;

    /// <summary>A member is known to lead a term; 0 for nobody. What is said of an earlier term comes too late.</summary>
    public void Lead(long term, ulong leader)
    {
        lock (_gate)
        {
            if (term < Current.Term || (term == Current.Term && leader == Current.Leader)) return;
            Current = new Leadership(term, leader, leader == _member);
            _changes.Writer.TryWrite(Current);
        }
    }

    public async ValueTask CloseAsync()
    {
        _changes.Writer.TryComplete();
        await _telling;
    }

    private async Task TellAsync(Action<Leadership> tell)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync()) tell(change);
    }
}
