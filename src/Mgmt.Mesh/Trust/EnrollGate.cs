namespace Mgmt.Mesh.Trust;

/// <summary>How many who are not known yet are listened to, at once and in a while.</summary>
internal sealed class EnrollGate(TrustOptions options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _began;
    private int _inWindow;
    private int _inside;

    /// <summary>Lets one in, who has to <see cref="Leave"/>; false when there are too many.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_inWindow == 0 || time.GetElapsedTime(_began) >= Window) (_began, _inWindow) = (time.GetTimestamp(), 0);
            if (_inside >= options.EnrollAtOnce || _inWindow >= options.EnrollInTenSeconds) return false;
            _inWindow++;
            _inside++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock) _inside--;
    }
}
