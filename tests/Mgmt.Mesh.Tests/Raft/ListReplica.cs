using System.Buffers.Binary;
using System.Text;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>A state that is the list of all entries, and whose disk is memory that outlives the member.</summary>
internal sealed class ListReplica : IReplica
{
    private readonly Lock _gate = new();
    private readonly Lock _keeping = new();
    private readonly Dictionary<string, TaskCompletionSource> _seen = [];
    private readonly List<(long Index, long Term, byte[] Entry)> _applied = [];
    private readonly List<Leadership> _leaders = [];
    private readonly List<(Func<ListReplica, bool> Until, TaskCompletionSource Done)> _waiting = [];

    public ListReplica(ListSnapshot? disk = null)
    {
        Snapshot = disk ?? ListSnapshot.Empty;
        if (disk is not null) _applied.AddRange(disk.Applied);
        (AppliedIndex, AppliedTerm) = (Snapshot.Index, Snapshot.Term);
    }

    public long AppliedIndex { get; private set; }

    public long AppliedTerm { get; private set; }

    public IReplicaSnapshot Snapshot { get; private set; }

    public int Installed { get; private set; }

    public string? Wrong { get; private set; }

    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> Answer { get; init; } = static question => question;

    public Func<Task>? BeforeInstall { get; set; }

    /// <summary>Writes a state to a disk before it counts as kept.</summary>
    public Action<ListSnapshot>? Keeping { get; init; }

    public Action<Leadership>? Led { get; init; }

    public IReadOnlyList<string> Entries
    {
        get { lock (_gate) return [.. _applied.Where(one => one.Entry.Length > 0).Select(one => Encoding.UTF8.GetString(one.Entry))]; }
    }

    public IReadOnlyList<Leadership> Leaders
    {
        get { lock (_gate) return [.. _leaders]; }
    }

    /// <summary>The state goes to its disk, at the index that it is at.</summary>
    public ListSnapshot Keep()
    {
        lock (_keeping)
        {
            ListSnapshot kept;
            lock (_gate) kept = new ListSnapshot(AppliedIndex, AppliedTerm, [.. _applied]);
            if (kept.Index < Snapshot.Index) return (ListSnapshot)Snapshot;
            Keeping?.Invoke(kept);
            Snapshot = kept;
            return kept;
        }
    }

    /// <summary>Ends when an entry is applied that has this text.</summary>
    public Task SeenAsync(string text)
    {
        lock (_gate) return (_seen.TryGetValue(text, out var seen) ? seen : _seen[text] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Apply(long index, long term, ReadOnlySpan<byte> entry)
    {
        lock (_gate)
        {
            if (index <= AppliedIndex) return;
            if (index != AppliedIndex + 1) Wrong ??= $"entry {index} applied after {AppliedIndex}";
            if (term < AppliedTerm) Wrong ??= $"entry {index} of term {term} applied after one of {AppliedTerm}";
            (AppliedIndex, AppliedTerm) = (index, term);
            _applied.Add((index, term, entry.ToArray()));
            if (_seen.Count > 0 && _seen.Remove(Encoding.UTF8.GetString(entry), out var seen)) seen.SetResult();
        }

        Wake();
    }

    public async ValueTask InstallAsync(long index, long term, Stream content, CancellationToken cancel)
    {
        if (BeforeInstall is { } before) await before();
        var snapshot = await ListSnapshot.ReadAsync(index, term, content, cancel);
        lock (_keeping)
        {
            Keeping?.Invoke(snapshot);
            lock (_gate)
            {
                _applied.Clear();
                _applied.AddRange(snapshot.Applied);
                (AppliedIndex, AppliedTerm, Snapshot) = (index, term, snapshot);
                Installed++;
            }
        }

        Wake();
    }

    public void LeadershipChanged(Leadership leadership)
    {
        lock (_gate)
        {
            if (_leaders.Count > 0 && leadership.Term < _leaders[^1].Term) Wrong ??= $"told of {leadership} after {_leaders[^1]}";
            _leaders.Add(leadership);
        }

        Led?.Invoke(leadership);

        Wake();
    }

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancel) => new(Answer(question));

    /// <summary>Waits until something is so; a deadline tells what was seen instead.</summary>
    public async Task UntilAsync(Func<ListReplica, bool> done, string what)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting) _waiting.Add((done, signal));
        Wake();
        try
        {
            await signal.Task.WaitAsync(Wait.Deadline);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"waited in vain for: {what}. At entry {AppliedIndex}, installed {Installed}, leaders {string.Join(" | ", Leaders)}, last entries {string.Join(",", Entries.TakeLast(5))}, wrong: {Wrong}");
        }
    }

    private void Wake()
    {
        lock (_waiting)
        {
            foreach (var (until, done) in _waiting.ToArray())
            {
                if (!until(this)) continue;
                done.TrySetResult();
                _waiting.RemoveAll(one => one.Done == done);
            }
        }
    }
}

internal static class Wait
{
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(20);
}

internal sealed class ListSnapshot(long index, long term, IReadOnlyList<(long Index, long Term, byte[] Entry)> applied) : IReplicaSnapshot
{
    public static ListSnapshot Empty { get; } = new(0, 0, []);

    public long Index => index;

    public long Term => term;

    public IReadOnlyList<(long Index, long Term, byte[] Entry)> Applied => applied;

    public async ValueTask WriteAsync(Stream target, CancellationToken cancel)
    {
        foreach (var one in applied)
        {
            var head = new byte[20];
            BinaryPrimitives.WriteInt64LittleEndian(head, one.Index);
            BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), one.Term);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), one.Entry.Length);
            await target.WriteAsync(head, cancel);
            await target.WriteAsync(one.Entry, cancel);
        }
    }

    public static async Task<ListSnapshot> ReadAsync(long index, long term, Stream content, CancellationToken cancel)
    {
        var applied = new List<(long, long, byte[])>();
        var head = new byte[20];
        while (await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel) is var read && read > 0)
        {
            if (read < head.Length) throw new InvalidDataException("half a head");
            var entry = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(16))];
            await content.ReadExactlyAsync(entry, cancel);
            applied.Add((BinaryPrimitives.ReadInt64LittleEndian(head), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8)), entry));
        }

        return new ListSnapshot(index, term, applied);
    }
}
