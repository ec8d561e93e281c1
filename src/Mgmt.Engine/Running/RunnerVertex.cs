using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

internal enum WatchState
{
    Closed,
    Opening,
    Open,

    /// <summary>It could not be opened, or ended; a deadline opens it again. Checks go on without it.</summary>
    Lost,
}

internal enum Standing
{
    Unknown,
    InOrder,
    Failed,
    Waiting,
}

/// <summary>What keeps a due vertex, whose predecessors are in order, from starting.</summary>
internal enum Hold
{
    None,
    Retry,
    Limit,
    Semaphore,
}

/// <summary>The core's state of one resource. Only the core writes it, but for the part that the shell keeps beside it.</summary>
internal sealed class RunnerVertex(ResourceSpec spec)
{
    public const int Nowhere = -1;

    private IResource? _resource;
    private bool? _isJoint;

    public ResourceSpec Spec { get; } = spec;

    public Address Address => Spec.Address;

    public Meta Meta => Spec.Meta;

    /// <summary>Where it stands in the plan; <see cref="Nowhere"/> when it is retired.</summary>
    public int Position { get; set; } = Nowhere;

    /// <summary>The vertex of the plan that it is a member of, in most cases the only one.</summary>
    public RunnerGroup Group { get; set; } = RunnerGroup.None;

    /// <summary>How many predecessors are not settled.</summary>
    public int Unsettled => Group.Unsettled;

    public WatchState Watch { get; set; }

    public string WatchError { get; set; } = "";

    public TimeSpan WatchBackoff { get; set; }

    public TimeSpan WatchOpenedAt { get; set; }

    /// <summary>Why a check is due; none when it is not.</summary>
    public CheckReasons Due { get; set; }

    /// <summary>The reasons of failed checks, which the next one is given too, so that no refresh is lost.</summary>
    public CheckReasons Carried { get; set; }

    public bool IsRunning { get; set; }

    public CheckReasons RunningReasons { get; set; }

    public Standing Standing { get; set; }

    public string LastError { get; set; } = "";

    /// <summary>What it waits for, and what a person can do; null when it does not.</summary>
    public CheckResult? WaitsFor { get; set; }

    public long Attempts { get; set; }

    public Hold Hold { get; set; }

    public string HeldBy { get; set; } = "";

    /// <summary>The rate limit has let the coming run through.</summary>
    public bool HasToken { get; set; }

    public TokenBucket Bucket { get; } = new(spec.Meta.Limit, spec.Meta.Burst);

    /// <summary>Keeps a check that fails and, by failing, causes the events that bring it back from taking a whole core.</summary>
    public TokenBucket AfterFailure { get; } = new(limit: 20, burst: 100);

    /// <summary>No longer in the plan; a check of it may still be running.</summary>
    public bool IsRetired { get; set; }

    /// <summary>The check of an older definition of the same address, which must end first.</summary>
    public RunnerVertex? FormerSelf { get; set; }

    public TimeSpan Since { get; set; }

    public bool WasChecked { get; set; }

    public bool WasChanged { get; set; }

    /// <summary>Deadlines of an older generation are void.</summary>
    public int[] Generations { get; } = new int[Deadlines.Kinds];

    // What Touch saw last: kept so that counts change only when these do.
    public bool CountedSettled { get; set; }

    public bool CountedBusy { get; set; }

    public bool CountedFailed { get; set; }

    public bool CountedWaiting { get; set; }

    /// <summary>In order, with nothing due: successors may run.</summary>
    public bool IsSettled => Standing == Standing.InOrder && Due == CheckReasons.None && !IsRunning;

    /// <summary>Something goes on that will end by itself. The search for a lost watch is not such a thing.</summary>
    public bool IsBusy => IsRunning || (!IsRetired && (Hold != Hold.None || (Watch == WatchState.Opening && Standing == Standing.Unknown)));

    public bool IsFailed => Standing == Standing.Failed && !IsRetired;

    public bool IsWaiting => Standing == Standing.Waiting && !IsRetired;

    // The shell's part.
    /// <summary>Made when it is first asked for, by whichever thread.</summary>
    public IResource Resource => _resource ?? Interlocked.CompareExchange(ref _resource, Spec.Kind.Create(Spec), null) ?? _resource;

    /// <summary>Whether it can be checked together with others of its group.</summary>
    public bool IsJoint => _isJoint ??= MakesJointResource();

    public WatchSink? Sink { get; set; }

    public override string ToString() => Address.ToString();

    private bool MakesJointResource()
    {
        try
        {
            return Resource is IJointResource;
        }
        catch (Exception)
        {
            // Its own check tells what is wrong.
            return false;
        }
    }
}
