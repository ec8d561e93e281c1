namespace Mgmt.Linux.Inotify;

/// <summary>
/// Events that concern nobody must not keep the thread busy: waking for each costs more than the event. Once many reads in a row brought nothing for anybody, the queues fill
/// for a moment before the next. Belongs to the event thread.
/// </summary>
internal sealed class ReadingPace(TimeProvider time)
{
    /// <summary>So long the queues fill. At 300,000 events a second this is a twentieth of what a queue holds.</summary>
    internal const int PauseMilliseconds = 2;

    private const int MostFruitless = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    private long _begun;
    private int _fruitless;

    /// <summary>Whether to pause before the next read.</summary>
    internal bool IsPauseDue => _fruitless > MostFruitless && time.GetElapsedTime(_begun) < Window;

    /// <summary>Something was read.</summary>
    internal void Note(bool isForSomebody)
    {
        if (isForSomebody) return;
        if (_fruitless++ > 0 && time.GetElapsedTime(_begun) < Window) return;
        (_begun, _fruitless) = (time.GetTimestamp(), 1);
    }
}
