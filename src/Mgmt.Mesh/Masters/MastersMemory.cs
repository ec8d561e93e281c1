using System.Collections.Immutable;

namespace Mgmt.Mesh.Masters;

/// <summary>
/// What a leader remembers from one look to the next. A new leader begins with nothing, and so gives everybody the full time again. Values never change.
/// </summary>
internal sealed record MastersMemory
{
    /// <summary>What a new leader remembers.</summary>
    public static MastersMemory Empty { get; } = new();

    /// <summary>How the nominees come along.</summary>
    public ImmutableDictionary<ulong, Nominee> Nominees { get; init; } = ImmutableDictionary<ulong, Nominee>.Empty;

    /// <summary>Who failed.</summary>
    public ImmutableDictionary<ulong, Setback> Setbacks { get; init; } = ImmutableDictionary<ulong, Setback>.Empty;

    /// <summary>Since when voters do not volunteer.</summary>
    public ImmutableDictionary<ulong, TimeSpan> Unwilling { get; init; } = ImmutableDictionary<ulong, TimeSpan>.Empty;

    /// <summary>Since when there are too few volunteers for the voters that there are.</summary>
    public TimeSpan? ShortSince { get; init; }

    /// <summary>Since when the zones could be kept apart better.</summary>
    public TimeSpan? UnbalancedSince { get; init; }

    /// <summary>Takes in what is to be seen now.</summary>
    public MastersMemory See(MeshSight sight, TimeSpan now, MastersOptions options)
    {
        var volunteers = sight.Volunteers.Select(static one => one.Card.MemberId).ToHashSet();
        var nominees = sight.Members.Where(static one => one is { HasVote: false, Record: MemberRecord.Learner, Name.Length: > 0 });
        var unwilling = sight.Members.Where(one => one.HasVote && !volunteers.Contains(one.Id));
        return this with
        {
            Nominees = nominees.ToImmutableDictionary(static one => one.Id, one => (Nominees.GetValueOrDefault(one.Id) ?? new(now, null, now, false)).See(one, now)),
            Unwilling = unwilling.ToImmutableDictionary(static one => one.Id, one => Unwilling.TryGetValue(one.Id, out var since) ? since : now),
            Setbacks = Setbacks.RemoveRange(Setbacks.Where(one => now >= one.Value.Until + options.ForgiveAfter).Select(static one => one.Key)),
        };
    }

    /// <summary>A change could not be carried out: what was tried is tried with another for a while.</summary>
    public MastersMemory Failed(MastersChange change, TimeSpan now, MastersOptions options) => change switch
    {
        MastersChange.Promote or MastersChange.Nominate => GiveUp(change.Member, now, options),
        MastersChange.HandOver => SetBack(change.Member, now, options),
        _ => this,
    };

    /// <summary>A nominee failed; it is counted once.</summary>
    public MastersMemory GiveUp(ulong member, TimeSpan now, MastersOptions options)
    {
        if (!Nominees.TryGetValue(member, out var nominee)) return SetBack(member, now, options);
        return nominee.IsGivenUp ? this : SetBack(member, now, options) with { Nominees = Nominees.SetItem(member, nominee with { IsGivenUp = true }) };
    }

    /// <summary>A member failed: it is not asked again for a while, each time for longer.</summary>
    public MastersMemory SetBack(ulong member, TimeSpan now, MastersOptions options)
    {
        var count = (Setbacks.GetValueOrDefault(member)?.Count ?? 0) + 1;
        var pause = options.BackOff.First * Math.Pow(2, Math.Min(count - 1, 30));
        return this with { Setbacks = Setbacks.SetItem(member, new(count, now + (pause < options.BackOff.Most ? pause : options.BackOff.Most))) };
    }

    /// <summary>Whether a member is not to be asked now.</summary>
    public bool IsHeldBack(ulong member, TimeSpan now) => Setbacks.TryGetValue(member, out var setback) && now < setback.Until;
}

/// <summary>How a nominee comes along.</summary>
/// <param name="Since">Since when this leader knows it as a learner.</param>
/// <param name="Lag">The least that it was behind; null when it never answered.</param>
/// <param name="ProgressAt">When it last came nearer than ever.</param>
/// <param name="IsGivenUp">Whether it failed, and is to be taken out.</param>
internal sealed record Nominee(TimeSpan Since, long? Lag, TimeSpan ProgressAt, bool IsGivenUp)
{
    /// <summary>Takes in what is to be seen now.</summary>
    public Nominee See(SeenMember seen, TimeSpan now) =>
        seen.Lag is { } lag && (Lag is null || lag < Lag) ? this with { Lag = lag, ProgressAt = now } : this;

    /// <summary>What it failed in, in words; null when it did not.</summary>
    public string? Failure(SeenMember seen, bool volunteers, TimeSpan now, MastersOptions options)
    {
        if (IsGivenUp) return "failed";
        if (!volunteers) return "does not volunteer any more";
        if (seen.Lag is null) return now - Since >= options.StartWithin ? $"did not start within {options.StartWithin.TotalSeconds:0} s" : null;
        if (seen.SilentFor >= options.StartWithin) return $"does not answer for {seen.SilentFor.TotalSeconds:0} s";
        if (seen.Lag <= options.ReadyLag) return null;
        if (now - Since >= options.LearnWithin) return $"is not up to date after {options.LearnWithin.TotalSeconds:0} s";
        return now - ProgressAt >= options.ProgressWithin ? $"is {seen.Lag} entries behind and came no nearer for {options.ProgressWithin.TotalSeconds:0} s" : null;
    }
}

/// <summary>That a member failed.</summary>
/// <param name="Count">How often lately.</param>
/// <param name="Until">Until when it is not asked again.</param>
internal sealed record Setback(int Count, TimeSpan Until);
