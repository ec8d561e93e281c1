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
    private int _waiting;

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
        while (Interlocked.Decrement(ref _waiting) != 0);
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
