using System.Collections.Concurrent;

namespace Mgmt.Mesh.Node;

/// <summary>
/// Does what is handed in, one after another. Whoever hands something in does it on the spot, unless somebody is at it already, who then does that as well: so
/// state has one owner at a time, no lock guards logic, and nothing waits for another thread to wake.
/// </summary>
/// <param name="broken">Told of what an action throws; none should, and the others' turns go on.</param>
internal sealed class Turns(Action<Exception> broken)
{
    private readonly ConcurrentQueue<Action> _queue = new();
    private readonly object _room = new();
    private int _waiting;
    private int _wanted = -1;

    /// <summary>How many are handed in and not done.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Hands in an action that does not block.</summary>
    public void Take(Action action)
    {
        _queue.Enqueue(action);
        if (Interlocked.Increment(ref _waiting) != 1) return;
        do
        {
            if (_queue.TryDequeue(out var next)) Do(next);
        }
        while (Left() != 0);
    }

    /// <summary>Holds the calling thread until no more than so many wait. For one thread, which must not be doing turns itself.</summary>
    public void HoldUntil(int most)
    {
        if (Waiting <= most) return;
        lock (_room)
        {
            // Seen by whoever takes one away after this, and what was taken away before is seen here.
            Interlocked.Exchange(ref _wanted, most);
            while (Waiting > most) Monitor.Wait(_room);
            Volatile.Write(ref _wanted, -1);
        }
    }

    private int Left()
    {
        var left = Interlocked.Decrement(ref _waiting);
        if (left <= Volatile.Read(ref _wanted)) lock (_room) Monitor.PulseAll(_room);
        return left;
    }

    private void Do(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            // A turn that is never given back would stop all that come after it, silently.
            broken(e);
        }
    }

    /// <summary>Hands in a function and waits for its answer.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Take(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                // It is the asker's failure: the others' turns go on.
                answer.SetException(e);
            }
        });
        return answer.Task;
    }
}
