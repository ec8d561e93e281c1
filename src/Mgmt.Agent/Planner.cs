using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Agent;

/// <summary>
/// Makes plans of definitions, after asking those kinds whose edges depend on the host. While they think, the plan before goes on; a newer definition does not wait for the answers to an
/// older one. An answer that comes late, or changes, brings another plan of the same definition. The agent's loop calls it, and hands it its messages.
/// </summary>
internal sealed class Planner(TimeProvider time, Action<AgentMessage> post, Action<string> warn) : IAsyncDisposable
{
    // News may come in floods, as when a hundred packages are installed: each answer holds for a moment.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Kind, SurveyedKind> _kinds = [];
    private Definition? _definition;
    private Plan? _plan;
    private ITimer? _limit;
    private int _limits;

    /// <summary>Whether a definition waits for answers.</summary>
    public bool IsWaiting => _limit is not null;

    /// <summary>Takes a definition. Answers its plan when nobody has to be asked; else that comes of a later message.</summary>
    public Plan? Take(Definition definition)
    {
        _definition = definition;
        Limit(null);
        var asked = SurveyQuestion.Of(definition);
        if (asked.Count > 0 || _kinds.Count > 0) Ask(asked);
        if (!IsAnyAsked()) return Compile();
        var number = ++_limits;
        Limit(time.CreateTimer(_ => post(new AgentMessage.SurveyLimit(number)), null, SurveyQuestion.Longest, Timeout.InfiniteTimeSpan));
        return null;
    }

    /// <summary>Takes an answer; the plan that follows from it, or null when it changes nothing or others are still to come.</summary>
    public Plan? Take(AgentMessage.Surveyed answer)
    {
        var kind = answer.Kind;
        if (!kind.TryTake(answer, time.GetTimestamp())) return null;
        TellMissing(kind, answer.Survey.Missing ?? "");
        if (kind.IsOutdated) AskAfterRest(kind);
        return IsWaiting && IsAnyAsked() ? null : CompileIfNew();
    }

    /// <summary>The answers have taken too long: the definition goes on without those that are still missing.</summary>
    public Plan? Take(AgentMessage.SurveyLimit limit)
    {
        if (limit.Number != _limits || !IsWaiting) return null;
        foreach (var kind in _kinds.Values.Where(one => one.IsAsked)) TellMissing(kind, SurveyQuestion.TooLate(kind.Name));
        return CompileIfNew();
    }

    /// <summary>A kind may have another answer.</summary>
    public void Take(AgentMessage.SurveyOutdated news)
    {
        if (news.Kind.NoteNews()) AskAfterRest(news.Kind);
    }

    public async ValueTask DisposeAsync()
    {
        Limit(null);
        try
        {
            await Task.WhenAll(_kinds.Values.Select(kind => kind.EndAsync())).WaitAsync(LongestFarewell, time);
        }
        catch (TimeoutException)
        {
            // It does not heed its token; nobody listens to it any more.
        }

        foreach (var kind in _kinds.Values) kind.Dispose();
    }

    /// <summary>Asks the kinds of a new definition whose answers do not hold for it, and hears no more of the others.</summary>
    private void Ask(IReadOnlyList<(Kind Kind, IReadOnlyList<ResourceSpec> Own)> asked)
    {
        foreach (var gone in _kinds.Keys.Except(asked.Select(one => one.Kind))) _ = _kinds[gone].EndAsync();
        foreach (var (kind, own) in asked)
        {
            if (!_kinds.TryGetValue(kind, out var surveyed)) _kinds.Add(kind, surveyed = new SurveyedKind(kind, post));
            if (!surveyed.Covers(own)) surveyed.Ask(own);
        }
    }

    private void AskAfterRest(SurveyedKind kind)
    {
        var wait = Rest - time.GetElapsedTime(kind.AnsweredAt);
        kind.Rest?.Dispose();
        if (wait <= TimeSpan.Zero) kind.Ask(kind.Own);
        else kind.Rest = time.CreateTimer(_ => post(new AgentMessage.SurveyOutdated(kind)), null, wait, Timeout.InfiniteTimeSpan);
    }

    private bool IsAnyAsked() => _kinds.Values.Any(kind => kind.IsAsked);

    private void TellMissing(SurveyedKind kind, string missing)
    {
        if (missing.Length > 0 && missing != kind.Told) warn(missing);
        kind.Told = missing;
    }

    /// <summary>A definition that waited is to be put in force in any case; another plan of the one in force only if it differs.</summary>
    private Plan? CompileIfNew()
    {
        var (isWaited, before) = (IsWaiting, _plan);
        Limit(null);
        var plan = Compile();
        return isWaited || before is null || !plan.IsSameAs(before) ? plan : null;
    }

    private Plan Compile()
    {
        var plan = Compiler.Compile(_definition!, [.. _kinds.Values.Select(kind => kind.Survey).OfType<Survey>()], _plan);
        if (!ReferenceEquals(plan.Warnings, _plan?.Warnings))
        {
            foreach (var warning in plan.Warnings.Except(_plan?.Warnings ?? [])) warn(warning);
        }

        return _plan = plan;
    }

    private void Limit(ITimer? timer)
    {
        _limit?.Dispose();
        _limit = timer;
    }
}
