using Mgmt.Store.Commands;

namespace Mgmt.Store.Tests.Machine;

/// <summary>The store, slow and obvious: the keys of every revision in full, copied for every command.</summary>
internal sealed partial class Model
{
    private readonly Dictionary<long, SortedDictionary<Bytes, KeyValue>> _past = new() { [1] = [] };
    private readonly SortedDictionary<long, (long Seconds, long GrantedAt)> _leases = [];
    private readonly HashSet<Alarm> _alarms = [];
    private readonly SortedDictionary<ulong, Member> _members = [];
    private SortedDictionary<Bytes, KeyValue> _now = [];
    private List<string> _events = [];
    private long _compacted = -1;

    public long Revision { get; private set; } = 1;

    public IEnumerable<string> Members => _members.Values.Select(Text.Of);

    private long Current => _events.Count > 0 ? Revision + 1 : Revision;

    public (Response Response, List<string> Events) Apply(long index, Command command)
    {
        _events = [];
        var response = Refused(command) ?? Do(index, command);
        if (response is Response.Failed)
        {
            _now = new(_past[Revision]);
            _events = [];
        }

        if (_events.Count > 0) _past[++Revision] = new(_now);
        return (response, _events);
    }

    public Response Read(Operation.Range range)
    {
        _events = [];
        return Naive.Fault(range) is { } fault ? new Response.Failed(fault) : Range(range);
    }

    private Response.Failed? Refused(Command command)
    {
        var isFull = _alarms.Any(one => one.Kind == AlarmKind.NoSpace);
        if (isFull && (command is Command.LeaseGrant || (command is Command.Execute { Operation: var operation } && Naive.HasPut(operation)))) return new(StoreError.NoSpace);
        return command is Command.Execute execute && Naive.Fault(execute.Operation) is { } fault ? new(fault) : null;
    }

    private Response Do(long index, Command command)
    {
        switch (command)
        {
            case Command.Execute(Operation.Put put) when put.Lease != 0 && !_leases.ContainsKey(put.Lease):
                return new Response.Failed(StoreError.LeaseNotFound);
            case Command.Execute(Operation.Txn txn):
                var plan = new Dictionary<Operation.Txn, bool>(ReferenceEqualityComparer.Instance);
                Plan(txn, plan);
                if ((CheckPuts(txn, plan) ?? CheckRanges(txn, plan)) is { } error) return new Response.Failed(error);
                var done = Txn(txn, plan);
                return done is Response.Txn inner ? inner with { Revision = Current } : done;
            case Command.Execute(var operation):
                return One(operation, null!);
            case Command.Compact(var revision):
                if (revision <= _compacted) return new Response.Failed(StoreError.Compacted);
                if (revision > Revision) return new Response.Failed(StoreError.FutureRevision);
                _compacted = revision;
                return new Response.Compact(Revision);
            case Command.LeaseGrant(var id, var seconds):
                if (id == 0) return new Response.Failed(StoreError.LeaseNotFound);
                if (seconds > 9_000_000_000) return new Response.Failed(StoreError.LeaseTooLong);
                if (!_leases.TryAdd(id, (Math.Max(2, seconds), index))) return new Response.Failed(StoreError.LeaseExists);
                return new Response.LeaseGrant(Revision, new(id, Math.Max(2, seconds), index));
            case Command.LeaseRevoke(var id):
                return _leases.ContainsKey(id) ? EndLease(id) : new Response.Failed(StoreError.LeaseNotFound);
            case Command.LeaseExpire(var id, var at):
                return _leases.TryGetValue(id, out var lease) && lease.GrantedAt == at ? EndLease(id) : new Response.LeaseEnd(Revision);
            case Command.MemberSet(var member):
                if (Naive.IsTooMuch(member)) return new Response.Failed(new(StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid"));
                _members[member.Id] = member;
                return new Response.Members(Revision, [.. _members.Values]);
            case Command.MemberRemove(var id):
                if (!_members.Remove(id)) return new Response.Failed(StoreError.MemberNotFound);
                return new Response.Members(Revision, [.. _members.Values]);
            case Command.AlarmChange(var action, var alarm):
                return new Response.Alarms(Revision, ChangeAlarm(action, alarm));
            default:
                throw new ArgumentException($"{command}");
        }
    }

    private Response.LeaseEnd EndLease(long id)
    {
        foreach (var one in _now.Values.Where(one => one.Lease == id).ToList()) Delete(one);
        _leases.Remove(id);
        return new(Current);
    }

    private List<Alarm> ChangeAlarm(AlarmAction action, Alarm alarm) => action switch
    {
        AlarmAction.Get => [.. _alarms.Where(one => alarm.Kind is AlarmKind.None || one.Kind == alarm.Kind).OrderBy(one => one.Kind).ThenBy(one => one.Member)],
        AlarmAction.Activate when alarm.Kind != AlarmKind.None => _alarms.Add(alarm) || true ? [alarm] : [],
        AlarmAction.Deactivate when _alarms.Remove(alarm) => [alarm],
        _ => [],
    };

    private void Delete(KeyValue one)
    {
        _now.Remove(one.Key);
        _events.Add($"Delete {one.Key}= c0 m{Revision + 1} v0 l0 was {Text.Of(one)}");
    }
}
