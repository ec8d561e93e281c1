using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests;

/// <summary>Random commands over few keys, few leases and all options, so that they meet often. The same seed gives the same storm.</summary>
internal sealed class Storm(int seed)
{
    private static readonly string[] Keys = ["a", "b", "ba", "bb", "c", "\0", "zz", "b\0", "\u00ff"];
    private readonly Random _random = new(seed);
    private long _number;

    public RequestId NextId() => new(((UInt128)(uint)seed << 64) + (UInt128)(++_number));

    public bool OneIn(int n) => _random.Next(n) == 0;

    public int Next(int n) => _random.Next(n);

    public Proposal Next(StoreView view) => new(NextId(), NextCommand(view));

    public Operation.Range NextRange(StoreView view) => new(NextKeys())
    {
        Limit = Pick(0, 0, 1, 2, 3, -1),
        Revision = OneIn(2) ? 0 : NextRevision(view),
        Order = (SortOrder)_random.Next(3),
        Target = (SortTarget)_random.Next(5),
        KeysOnly = OneIn(5),
        CountOnly = OneIn(6),
        Serializable = OneIn(2),
        MinModRevision = OneIn(6) ? NextRevision(view) : 0,
        MaxModRevision = OneIn(6) ? NextRevision(view) : 0,
        MinCreateRevision = OneIn(6) ? NextRevision(view) : 0,
        MaxCreateRevision = OneIn(6) ? NextRevision(view) : 0,
    };

    /// <summary>A revision that is kept, or just beyond either end.</summary>
    public long NextRevision(StoreView view) => _random.NextInt64(Math.Max(0, view.CompactRevision - 1), view.Revision + 2);

    public KeyRange NextKeys() => _random.Next(6) switch
    {
        0 => new(NextKey(), Bytes.Own([0])),
        1 => KeyRange.All,
        2 => KeyRange.Prefix(NextKey()),
        3 => new(NextKey(), NextKey()),
        _ => KeyRange.Single(NextKey()),
    };

    private Command NextCommand(StoreView view) => _random.Next(40) switch
    {
        0 => new Command.Compact(OneIn(2) ? NextRevision(view) : view.Revision - _random.Next(40)),
        1 or 2 => new Command.LeaseGrant(_random.Next(0, 5), Pick(-1, 1, 2, 60, 9_000_000_000, 9_000_000_001)),
        3 => new Command.LeaseRevoke(_random.Next(0, 5)),
        4 => NextExpire(view),
        5 => new Command.AlarmChange((AlarmAction)_random.Next(3), new((ulong)_random.Next(1, 3), Pick(AlarmKind.None, AlarmKind.NoSpace, AlarmKind.NoSpace))),
        8 or 9 => new Command.MemberSet(NextMember()),
        10 => new Command.MemberRemove((ulong)_random.Next(0, 5)),
        6 or 7 => new Command.AlarmChange(AlarmAction.Deactivate, new((ulong)_random.Next(1, 3), AlarmKind.NoSpace)),
        _ => new Command.Execute(NextOperation(view, 2)),
    };

    private Member NextMember() => new(
        OneIn(20) ? ulong.MaxValue : (ulong)_random.Next(0, 5),
        Pick("", "h1", "h2", "\u00e9", new string('n', Limits.MemberTextBytes + 1)),
        Some(OneIn(20) ? Limits.MemberUrls + 2 : 2, () => Pick("http://h1:2380", "http://h2:2380", "")),
        Some(2, () => Pick("http://h1:2379", "http://h2:2379")),
        OneIn(4));

    private Command.LeaseExpire NextExpire(StoreView view)
    {
        var id = _random.Next(1, 5);
        return new(id, view.Leases.TryGetValue(id, out var lease) && !OneIn(4) ? lease.GrantedAt : _random.Next(100));
    }

    private Operation NextOperation(StoreView view, int depth) => _random.Next(depth > 0 ? 10 : 7) switch
    {
        0 => NextRange(view),
        1 => new Operation.DeleteRange(NextKeys()) { WantsPrevious = OneIn(2) },
        < 7 => NextPut(),
        _ => new Operation.Txn(Some(2, () => NextCompare(view)), Some(4, () => NextOperation(view, depth - 1)), Some(3, () => NextOperation(view, depth - 1))),
    };

    private Operation.Put NextPut()
    {
        var (ignoreValue, ignoreLease) = (OneIn(8), OneIn(8));
        return new(NextKey(), ignoreValue && !OneIn(5) ? default : Bytes.Of("v" + _random.Next(6)))
        {
            Lease = OneIn(3) && (!ignoreLease || OneIn(5)) ? _random.Next(0, 5) : 0,
            IgnoreValue = ignoreValue,
            IgnoreLease = ignoreLease,
            WantsPrevious = OneIn(2),
        };
    }

    private Compare NextCompare(StoreView view) => new(
        NextKeys(),
        (CompareTarget)_random.Next(5),
        (CompareResult)_random.Next(4),
        OneIn(2) ? NextRevision(view) : _random.Next(4),
        Bytes.Of("v" + _random.Next(6)));

    private Bytes NextKey() => OneIn(60) ? default : Bytes.Of(Keys[_random.Next(Keys.Length)]);

    private T[] Some<T>(int most, Func<T> make) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => make())];

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];
}
