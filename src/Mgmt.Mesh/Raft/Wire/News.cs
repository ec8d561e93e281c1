namespace Mgmt.Mesh.Raft.Wire;

/// <summary>Tells what is new from what goes on, several times a second: the latter is told once a minute. Of what others cause no more is remembered than there is room for.</summary>
internal sealed class News(TimeProvider time)
{
    private const int MostCauses = 256;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _told = [];

    /// <summary>Whether to tell of it now.</summary>
    /// <param name="cause">What is the same each time.</param>
    public bool Is(string cause)
    {
        lock (_lock)
        {
            if (_told.TryGetValue(cause, out var at) && time.GetElapsedTime(at) < AgainAfter) return false;
            foreach (var (former, toldAt) in _told)
            {
                if (time.GetElapsedTime(toldAt) >= AgainAfter) _told.Remove(former);
            }

            if (_told.Count >= MostCauses) return false;
            _told[cause] = time.GetTimestamp();
            return true;
        }
    }
}
