using System.Collections.Concurrent;

namespace Mgmt.Mesh.Node;

/// <summary>
/// Does what is handed in, one after another. Whoever hands something in does it on the spot, unless somebody is at it already, who then does that as well: so
/// state has one owner at a time, no lock guards logic, and nothing waits for another thread to wake.
/// </summary>
internal sealed class Turns
{
    private readonly ConcurrentQueue<Action> _queue = new();
    private int _waiting;

    /// <summary>How many are handed in and not done.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Hands in an action that does not throw and does not block.</summary>
    public void Take(Action action)
    {
        _queue.Enqueue(action);
        if (Interlocked.Increment(ref _waiting) != 1) return;
        do
        {
            if (_queue.TryDequeue(out var next)) next();
        }
        while (Interlocked.Decrement(ref _waiting) != 0);
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
