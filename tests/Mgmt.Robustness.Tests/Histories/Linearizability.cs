namespace Mgmt.Robustness.Histories;

/// <summary>
/// Whether there is an order of the operations on one key, each at one moment between its invocation and its completion, in which every answer is right. The
/// search is Wing and Gong's with Lowe's memory of (set of operations, value) pairs that lead nowhere. An operation of unknown outcome may come at any moment
/// after its invocation, or never.
/// </summary>
internal static class Linearizability
{
    /// <summary>Looks at each key by itself: a history is linearizable when it is for every key. Null when it is; otherwise where the search ended.</summary>
    public static string? Check(IEnumerable<Operation> history) =>
        history.GroupBy(static one => one.Key).Select(static key => CheckKey(UnknownWrites.Settle([.. key]))).FirstOrDefault(static wrong => wrong is not null);

    private static string? CheckKey(List<Operation> operations)
    {
        var search = new Search(operations);
        return search.Run() ? null : search.Describe();
    }

    // What a key holds after the operation, if its answer is right for what the key holds before.
    private static bool TryStep(Operation one, string? before, out string? after)
    {
        var isKnown = one.Outcome == Outcome.Done;
        after = one.Act switch
        {
            Act.Read => before,
            Act.Swap => before == one.Expected ? one.Value : before,
            _ => one.Value,
        };

        // What is unknown and changes nothing might as well never come.
        return isKnown ? one.Seen == before : after != before;
    }

    /// <summary>A moment of the history: an invocation, or a completion of one.</summary>
    private sealed class Moment(Operation operation, int number, Moment? completion)
    {
        public Operation Operation => operation;

        public int Number => number;

        /// <summary>Of an invocation: its completion, if there is one.</summary>
        public Moment? Completion => completion;

        public bool IsInvocation { get; init; }

        /// <summary>Of deletions of unknown outcome: how many were sent before it; -1 of all others.</summary>
        public int Deletion { get; init; } = -1;

        public Moment? Before { get; set; }

        public Moment? After { get; set; }

        public void Unlink()
        {
            Before!.After = After;
            if (After is not null) After.Before = Before;
        }

        public void Relink()
        {
            Before!.After = this;
            if (After is not null) After.Before = this;
        }
    }

    private sealed class Search
    {
        private readonly Moment _start = new(null!, -1, null);
        private readonly UInt128[] _marks;
        private readonly Stack<(Moment Moment, string? Before)> _done = [];
        private readonly HashSet<(UInt128 Set, string? Value)> _deadEnds = [];
        private int _open;
        private int _deletions;
        private int _most;
        private List<Operation> _lastPlaced = [];
        private string? _reached;
        private Operation? _stuck;

        public Search(List<Operation> operations)
        {
            var random = new Random(1);
            _marks = [.. operations.Select(_ => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
            _open = operations.Count(static one => one.Outcome == Outcome.Done);
            Link(operations);
        }

        public bool Run()
        {
            string? value = null;
            UInt128 set = 0;
            for (var at = _start.After; _open > 0;)
            {
                if (at is { IsInvocation: true })
                {
                    if (IsItsTurn(at) && TryStep(at.Operation, value, out var next) && _deadEnds.Add((set ^ _marks[at.Number], next)))
                    {
                        _done.Push((at, value));
                        (set, value) = (set ^ _marks[at.Number], next);
                        Take(at);
                        at = _start.After;
                        continue;
                    }

                    at = at.After;
                    continue;
                }

                // A completion whose operation has no place yet, or the end: what was placed last has to go elsewhere.
                Remember(at, value);
                if (_done.Count == 0) return false;
                (var last, value) = _done.Pop();
                set ^= _marks[last.Number];
                PutBack(last);
                at = last.After;
            }

            return true;
        }

        public string Describe() =>
            $"not linearizable: at most {_most} operations fit, the last of them\n  {string.Join("\n  ", _lastPlaced)}\nthen the key holds {_reached ?? "nothing"}, and there is no place for\n  {_stuck}";

        private void Link(List<Operation> operations)
        {
            var moments = new List<(long Time, int Order, Moment Moment)>();
            operations = [.. operations.OrderBy(static one => one.Invoked)];
            var deletions = 0;
            for (var i = 0; i < operations.Count; i++)
            {
                var one = operations[i];
                var deletion = one is { Outcome: Outcome.Unknown, Act: Act.Delete } ? deletions++ : -1;
                var completion = one.Outcome == Outcome.Done ? new Moment(one, i, null) : null;

                // Of one tick, invocations come first: what is not surely before may be at the same time.
                if (completion is not null) moments.Add((one.Completed, 1, completion));
                moments.Add((one.Invoked, 0, new(one, i, completion) { IsInvocation = true, Deletion = deletion }));
            }

            var last = _start;
            foreach (var (_, _, moment) in moments.OrderBy(static one => one.Time).ThenBy(static one => one.Order))
            {
                (last.After, moment.Before) = (moment, last);
                last = moment;
            }
        }

        // One deletion of unknown outcome is like another, so they are placed in the order they were sent; each choice among them would double the search.
        private bool IsItsTurn(Moment one) => one.Deletion < 0 || one.Deletion == _deletions;

        private void Take(Moment invocation)
        {
            invocation.Unlink();
            if (invocation.Deletion >= 0) _deletions++;
            if (invocation.Completion is null) return;
            invocation.Completion.Unlink();
            _open--;
        }

        private void PutBack(Moment invocation)
        {
            if (invocation.Deletion >= 0) _deletions--;
            if (invocation.Completion is not null)
            {
                invocation.Completion.Relink();
                _open++;
            }

            invocation.Relink();
        }

        private void Remember(Moment? at, string? value)
        {
            if (_done.Count <= _most && _stuck is not null) return;
            _most = _done.Count;
            _lastPlaced = [.. _done.Take(12).Reverse().Select(static one => one.Moment.Operation)];
            (_reached, _stuck) = (value, at?.Operation);
        }
    }
}
