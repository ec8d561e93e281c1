using Grpc.Core;
using Mgmt.Mesh.Node;
using Mgmt.Store;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>All streams that are being served: they end when the server does, and those that insist on a leader when there has been none for long.</summary>
internal sealed class OpenStreams : IDisposable
{
    private const int PatienceInTerms = 3;

    private readonly IStoreNode _node;
    private readonly TimeSpan _electionTimeout;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly HashSet<OpenStream> _streams = [];
    private int _needLeader;
    private int _without;
    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unanswered;
    private bool _isEnding;

    public OpenStreams(IStoreNode node, ApiOptions options, TimeProvider time)
    {
        _node = node;
        _electionTimeout = options.ElectionTimeout;
        _timer = time.CreateTimer(_ => LookForLeader(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public OpenStream Open(ServerCallContext context, bool needsLeader)
    {
        var stream = new OpenStream(context, needsLeader);
        context.GetHttpContext().Response.OnCompleted(AnsweredAsync);
        lock (_lock)
        {
            if (_isEnding) stream.End(StoreError.Stopped);
            _streams.Add(stream);
            _unanswered++;
            if (needsLeader && _needLeader++ == 0) _timer.Change(_electionTimeout, _electionTimeout);
        }

        return stream;
    }

    public void Close(OpenStream stream)
    {
        lock (_lock)
        {
            _streams.Remove(stream);
            if (stream.NeedsLeader && --_needLeader == 0 && !_isEnding) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        stream.Dispose();
    }

    /// <summary>Ends those that there are, and, when it is for good, those that come.</summary>
    /// <returns>Ends, when it is for good, when all were told: a connection that is closed before takes the last word with it.</returns>
    public Task EndAll(bool isForGood)
    {
        lock (_lock)
        {
            _isEnding |= isForGood;
            foreach (var stream in _streams) stream.End(StoreError.Stopped);
            if (_isEnding && _unanswered == 0) _allAnswered.TrySetResult();
        }

        return _allAnswered.Task;
    }

    public void Dispose() => _timer.Dispose();

    private Task AnsweredAsync()
    {
        lock (_lock)
        {
            if (--_unanswered == 0 && _isEnding) _allAnswered.TrySetResult();
        }

        return Task.CompletedTask;
    }

    private void LookForLeader()
    {
        lock (_lock)
        {
            _without = _node.Leadership.IsKnown ? 0 : _without + 1;
            if (_without < PatienceInTerms) return;
            foreach (var stream in _streams)
            {
                if (stream.NeedsLeader) stream.End(StoreError.NoLeader);
            }
        }
    }
}
