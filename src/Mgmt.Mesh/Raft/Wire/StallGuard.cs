namespace Mgmt.Mesh.Raft.Wire;

/// <summary>How long the other end may be silent, by what it was sent.</summary>
/// <param name="Vote">For a vote: an election does not wait for one that is gone.</param>
/// <param name="Append">For entries.</param>
/// <param name="Install">For a snapshot, which it has to write.</param>
internal readonly record struct StallLimits(TimeSpan Vote, TimeSpan Append, TimeSpan Install)
{
    public static StallLimits For(RaftOptions options) =>
        new(TimeSpan.FromTicks(Math.Min(options.ConnectTimeout.Ticks, options.ElectionTimeout.Least.Ticks / 2)), options.ElectionTimeout.Most * 2, TimeSpan.FromMinutes(2));
}

/// <summary>
/// Closes a connection whose other end neither takes nor answers any more. DotNext has one limit for all requests, and its elections wait for every member; so that
/// limit is a long one, for snapshots, and this tells the requests apart by their first byte.
/// </summary>
internal sealed class StallGuard : Stream
{
    private readonly Stream _inner;
    private readonly StallLimits _limits;
    private readonly ITimer _timer;
    private bool _asked;
    private TimeSpan _limit;

    public StallGuard(Stream inner, StallLimits limits, TimeProvider time)
    {
        (_inner, _limits) = (inner, limits);
        _timer = time.CreateTimer(static guard => ((StallGuard)guard!)._inner.Dispose(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_asked && !buffer.IsEmpty) (_asked, _limit) = (true, LimitOf(buffer.Span[0]));
        Arm(_limit);
        await _inner.WriteAsync(buffer, cancellationToken);
        Arm(_limit);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(buffer, cancellationToken);
        _asked = false;
        Arm(Timeout.InfiniteTimeSpan);
        return read;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer.Dispose();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>By DotNext's message types: 1 vote, 7 vote in advance, 5 snapshot.</summary>
    private TimeSpan LimitOf(byte type) => type switch
    {
        1 or 7 => _limits.Vote,
        5 => _limits.Install,
        _ => _limits.Append,
    };

    private void Arm(TimeSpan limit)
    {
        try
        {
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The connection was closed meanwhile; who reads or writes hears of it.
        }
    }
}
