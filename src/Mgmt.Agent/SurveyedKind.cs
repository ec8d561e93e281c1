using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent;

/// <summary>
/// A kind that is asked about the host, and its last answer. The loop alone writes its state; the questions run elsewhere, one at a time: who asks again while a question lasts waits for
/// its end.
/// </summary>
internal sealed class SurveyedKind(Kind kind, Action<AgentMessage> post) : IDisposable
{
    private CancellationTokenSource _cancel = new();
    private Task _allQuestions = Task.CompletedTask;
    private int _number;
    private int _isNewsWaiting;

    public string Name => kind.Name;

    /// <summary>Whether the present definition has resources of it.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Whose answer <see cref="Survey"/> is, or will be.</summary>
    public IReadOnlyList<ResourceSpec> Own { get; private set; } = [];

    /// <summary>The last answer; while <see cref="IsAsked"/>, one of an older definition or of an older day.</summary>
    public Survey? Survey { get; private set; }

    /// <summary>Whether a question has no answer yet.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>When the last answer came, in the time stamps of the caller.</summary>
    public long AnsweredAt { get; private set; }

    /// <summary>The host has changed since the last question was put.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>What the user was told to be missing; empty when nothing is.</summary>
    public string Told { get; set; } = "";

    /// <summary>Asks again when the last answer has held for long enough.</summary>
    public ITimer? Rest { get; set; }

    private ISurveyor Surveyor => (ISurveyor)kind;

    /// <summary>Whether the last answer, or the one to come, holds for these resources.</summary>
    public bool Covers(IReadOnlyList<ResourceSpec> own) => IsUsed && !IsOutdated && Own.SequenceEqual(own);

    /// <summary>Asks about these resources; the answer comes as a message. A question that lasts still is given up.</summary>
    public void Ask(IReadOnlyList<ResourceSpec> own)
    {
        if (!IsUsed) Surveyor.Outdated += OnOutdated;
        GiveUp();
        (IsUsed, IsAsked, IsOutdated, Own) = (true, true, false, own);
        Volatile.Write(ref _isNewsWaiting, 0);
        var (number, before, cancel) = (_number, _allQuestions, _cancel.Token);
        _allQuestions = Task.WhenAll(before, Task.Run(() => PutAsync(number, own, before, cancel), CancellationToken.None));
    }

    /// <summary>Takes an answer, unless it is one of a question that was given up.</summary>
    public bool TryTake(AgentMessage.Surveyed answer, long now)
    {
        if (answer.Number != _number || !IsAsked) return false;
        (Survey, IsAsked, AnsweredAt) = (answer.Survey, false, now);
        return true;
    }

    /// <summary>Notes that there is something new. Answers whether to ask about it now: not while a question lasts.</summary>
    public bool NoteNews()
    {
        IsOutdated = IsUsed;
        return IsUsed && !IsAsked;
    }

    /// <summary>Gives up the question that lasts, and hears no more of the kind. The task ends with the question.</summary>
    public Task EndAsync()
    {
        if (IsUsed) Surveyor.Outdated -= OnOutdated;
        GiveUp();
        (IsUsed, IsAsked, IsOutdated, Own, Survey, Told) = (false, false, false, [], null, "");
        return _allQuestions;
    }

    public void Dispose()
    {
        Rest?.Dispose();
        _cancel.Dispose();
    }

    private void GiveUp()
    {
        Rest?.Dispose();
        _ = CancelAsync(_cancel);
        _cancel = new CancellationTokenSource();
        _number++;
    }

    // What a kind does about it is not done on the loop's thread.
    private static async Task CancelAsync(CancellationTokenSource question)
    {
        await question.CancelAsync();
        question.Dispose();
    }

    private async Task PutAsync(int number, IReadOnlyList<ResourceSpec> own, Task before, CancellationToken cancel)
    {
        try
        {
            await before.WaitAsync(cancel);
            post(new AgentMessage.Surveyed(this, number, await SurveyQuestion.AskAsync(kind, own, cancel)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private void OnOutdated(object? sender, EventArgs nothing)
    {
        if (Interlocked.Exchange(ref _isNewsWaiting, 1) == 0) post(new AgentMessage.SurveyOutdated(this));
    }
}
