using Mgmt.Agent.Exchange;
using Mgmt.Mesh.Masters;

namespace Mgmt.Agent.Face;

/// <summary>Posts <see cref="AgentMessage.MeshConverged"/> when all agents of the mesh have been converged for so long, and again each second while they are.</summary>
internal sealed class MeshCalmWatch : IAsyncDisposable
{
    // The last that converged is heard of everywhere before the first agent ends, and takes its vote along.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1), Again = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly IMeshStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _wait;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _following;
    private readonly bool[] _isOut = new bool[2];
    private MeshCalm _calm = MeshCalm.Unknown;
    private bool _isRunning;

    /// <summary>Begins to look.</summary>
    /// <param name="store">The mesh's store.</param>
    /// <param name="wait">For how long; a second at least.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="post">Takes the message.</param>
    public MeshCalmWatch(IMeshStore store, TimeSpan wait, TimeProvider time, Action<AgentMessage> post)
    {
        (_store, _time, _wait) = (store, time, wait > Linger ? wait : Linger);
        _timer = time.CreateTimer(_ => post(new AgentMessage.MeshConverged()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _following = Task.WhenAll(
            FollowAsync(0, MastersKeys.Agents, static (calm, view) => calm.WithAgents(view)),
            FollowAsync(1, MastersKeys.Converged, static (calm, view) => calm.WithNotes(view)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync();
        _ending.Dispose();
    }

    private async Task FollowAsync(int at, string prefix, Func<MeshCalm, PrefixView, MeshCalm> with)
    {
        // What cannot be seen is not known to be converged.
        var follower = new PrefixFollower(_store, prefix, _time, problem => Take(calm => calm, () => _isOut[at] = problem.Length > 0));
        await foreach (var view in follower.FollowAsync(_ending.Token)) Take(calm => with(calm, view), static () => { });
    }

    private void Take(Func<MeshCalm, MeshCalm> change, Action note)
    {
        lock (_lock)
        {
            note();
            var before = _calm;
            _calm = change(before);
            var isCalm = _calm.IsCalm && !_isOut[0] && !_isOut[1];
            if (isCalm && (!_isRunning || _calm.IsNewsAfter(before))) _timer.Change(_wait, Again);
            else if (!isCalm && _isRunning) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _isRunning = isCalm;
        }
    }
}
