using Mgmt.Mesh.Founding;

namespace Mgmt.Mesh.Voters;

/// <summary>Carries what a leader says of this agent's part to whoever acts on it, and what came of it back. Safe for any thread.</summary>
internal sealed class Appointments
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<Appointment> _next = New<Appointment>();
    private TaskCompletionSource<string> _dismissed = New<string>();
    private TaskCompletionSource _retiring = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<string> _retired = New<string>();
    private bool _isKeeping;

    /// <summary>The next appointment; it is there until it is answered.</summary>
    public Task<Appointment> Next
    {
        get
        {
            lock (_lock) return _next.Task;
        }
    }

    /// <summary>Ends, with the reason, when this agent is to keep the store no more.</summary>
    public Task<string> Dismissed
    {
        get
        {
            lock (_lock) return _dismissed.Task;
        }
    }

    /// <summary>Has this agent keep the store; ends when it does, or with the reason why it cannot.</summary>
    public async Task<string> AppointAsync(IReadOnlyList<PeerIdentity> members, string reason, CancellationToken cancel)
    {
        Task<Appointment> next;
        lock (_lock)
        {
            if (_isKeeping) return "";
            _next.TrySetResult(new(members, reason, New<string>()));
            next = _next.Task;
        }

        return await (await next).Answer.Task.WaitAsync(cancel);
    }

    /// <summary>Ends when this agent is to have others answer for it; <see cref="Retired"/> says that they do.</summary>
    public Task Retiring
    {
        get
        {
            lock (_lock) return _retiring.Task;
        }
    }

    /// <summary>Has this agent's callers answered by others, and ends when they are.</summary>
    /// <returns>Empty, or why not.</returns>
    public async Task<string> RetireAsync(CancellationToken cancel)
    {
        TaskCompletionSource<string> retired;
        lock (_lock)
        {
            if (!_isKeeping) return "";
            retired = _retired;
            _retiring.TrySetResult();
        }

        return await retired.Task.WaitAsync(cancel);
    }

    /// <summary>Others answer for this agent; it may be asked again.</summary>
    public void Retired()
    {
        lock (_lock)
        {
            _retired.TrySetResult("");
            (_retiring, _retired) = (new(TaskCreationOptions.RunContinuationsAsynchronously), New<string>());
        }
    }

    /// <summary>Has this agent give the store up, if it keeps it.</summary>
    public void Dismiss(string reason)
    {
        lock (_lock)
        {
            if (_isKeeping) _dismissed.TrySetResult(reason);
        }
    }

    /// <summary>Says what came of the appointment that there is, if there is one.</summary>
    /// <param name="problem">Why this agent does not keep the store; empty when it does.</param>
    public void Answer(string problem)
    {
        lock (_lock)
        {
            _isKeeping = problem.Length == 0;
            if (_isKeeping) _dismissed = New<string>();
            if (!_next.Task.IsCompleted) return;
            _next.Task.Result.Answer.TrySetResult(problem);
            _next = New<Appointment>();
        }
    }

    /// <summary>This agent keeps the store no more.</summary>
    public void GaveUp()
    {
        lock (_lock) _isKeeping = false;
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>That this agent is to keep the store.</summary>
/// <param name="Members">The members, this one among them.</param>
/// <param name="Reason">Why.</param>
/// <param name="Answer">Takes why it cannot; empty when it does.</param>
internal sealed record Appointment(IReadOnlyList<PeerIdentity> Members, string Reason, TaskCompletionSource<string> Answer);
