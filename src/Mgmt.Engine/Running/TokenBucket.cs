namespace Mgmt.Engine.Running;

/// <summary>A token bucket without a clock: full at first, refilled at <paramref name="limit"/> tokens per second up to <paramref name="burst"/>.</summary>
internal sealed class TokenBucket(double limit, long burst)
{
    private double _tokens = burst;
    private TimeSpan _filledAt;

    /// <summary>Takes a token, or says in <paramref name="wait"/> when there will be one.</summary>
    public bool TryTake(TimeSpan now, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (double.IsPositiveInfinity(limit)) return true;
        _tokens = Math.Min(burst, _tokens + ((now - _filledAt).TotalSeconds * limit));
        _filledAt = now;
        // A rounding error must not make the bucket wait again for a billionth of a token.
        if (_tokens >= 1 - 1e-9)
        {
            _tokens -= 1;
            return true;
        }

        wait = TimeSpan.FromTicks(Math.Max(1, (long)Math.Min((1 - _tokens) / limit * TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay)));
        return false;
    }
}
