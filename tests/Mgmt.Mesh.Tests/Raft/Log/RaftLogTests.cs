using System.Buffers.Binary;
using System.Text;
using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Raft.Log;

namespace Mgmt.Mesh.Tests.Raft.Log;

/// <summary>What the log promises to Raft, one guard after another.</summary>
public sealed class RaftLogTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("raftlog").FullName;
    private readonly ListReplica _replica = new();
    private readonly VoterFile _voters;
    private readonly RaftLog _log;

    public RaftLogTests()
    {
        _voters = VoterFile.Open(Path.Combine(_folder, "voters"));
        _log = Open(_replica);
    }

    private IPersistentState State => _log;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        _voters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_file_whose_first_bytes_never_reached_the_disk_is_made_again(int length)
    {
        var path = Path.Combine(_folder, "young");
        File.WriteAllBytes(path, new byte[length]);
        using (var young = VoterFile.Open(path))
        {
            Assert.False(young.IsKnown);
            young.Save(new VoterSet([7]), 0);
        }

        using var again = VoterFile.Open(path);
        Assert.Equal(7UL, Assert.Single(again.Voters.Ids));
    }

    [Fact]
    public async Task A_follower_answers_only_after_its_flush()
    {
        await TakeAsync(1, (1, "a"), (1, "b"));
        Assert.Equal(2, _log.Flushed);
    }

    [Fact]
    public async Task A_late_message_cuts_nothing_off()
    {
        await TakeAsync(1, (1, "a"), (1, "b"), (1, "c"));
        await TakeAsync(1, (1, "a"));
        await TakeAsync(2);
        Assert.Equal(3, _log.Last);
    }

    [Fact]
    public async Task A_contradiction_replaces_what_is_behind_it()
    {
        await TakeAsync(1, (1, "a"), (1, "b"), (1, "c"));
        await State.UpdateTermAsync(2, true);
        await TakeAsync(2, (2, "B"));
        Assert.Equal((2, 2), (_log.Last, _log.TermAt(2)));
    }

    [Fact]
    public async Task What_is_committed_is_never_replaced()
    {
        await TakeAsync(1, (1, "a"), (1, "b"));
        await State.CommitAsync(2);
        await State.UpdateTermAsync(2, true);
        await Assert.ThrowsAsync<LogException>(() => TakeAsync(2, (2, "B")).AsTask());
    }

    [Fact]
    public async Task An_entry_of_an_earlier_leadership_is_refused()
    {
        await State.UpdateTermAsync(3, true);
        Assert.Equal(1, _log.Add(3, EntryKind.Command, "a"u8.ToArray()));
        await State.UpdateTermAsync(4, true);
        Assert.Equal(0, _log.Add(3, EntryKind.Command, "b"u8.ToArray()));
        Assert.Equal(1, _log.Last);
    }

    [Fact]
    public async Task A_leader_commits_earlier_terms_only_with_one_of_its_own()
    {
        await TakeAsync(1, (1, "a"));
        await State.UpdateTermAsync(2, true);
        _log.IsLeading = true;
        Assert.Equal(0, await State.CommitAsync(1));
        _log.Add(2, EntryKind.Command, "b"u8.ToArray());
        Assert.Equal(2, await State.CommitAsync(2));
        Assert.Equal(2, _log.Flushed);
    }

    [Fact]
    public async Task A_snapshot_ends_another_history_and_keeps_its_own()
    {
        await TakeAsync(1, (1, "a"), (1, "b"), (1, "c"), (1, "d"));
        await InstallAsync(2, 1);
        Assert.Equal((4, 2), (_log.Last, _log.Committed));
        await State.UpdateTermAsync(5, true);
        await InstallAsync(3, 5);
        Assert.Equal((3, 3, 5), (_log.Last, _log.Committed, _log.TermAt(3)));
    }

    [Fact]
    public async Task A_snapshot_that_is_not_newer_is_taken_and_changes_nothing()
    {
        await TakeAsync(1, (1, "a"), (1, "b"));
        await State.CommitAsync(2);
        await State.WaitForApplyAsync(2);
        Assert.True(State.LastCommittedEntryIndex < 2);
        await InstallAsync(2, 1);
        Assert.Equal((0, 2), (_replica.Installed, _log.Last));
    }

    [Fact]
    public async Task A_log_that_does_not_lead_to_the_state_is_refused_unless_a_snapshot_came_between()
    {
        await State.UpdateTermAsync(1, true);
        await TakeAsync(1, (1, "a"), (1, "b"), (1, "c"));
        await State.CommitAsync(2);
        await State.WaitForApplyAsync(2);
        await _log.DisposeAsync();
        var state = new ListReplica(new ListSnapshot(2, 9, []));
        Assert.Contains("has term 1 there", Assert.Throws<LogException>(() => Open(state)).Message, StringComparison.Ordinal);
        using (var mark = InstallMark.Open(_folder)) mark.Set(2, 9);
        await using var again = Open(state);
        Assert.Equal((2, 2, 9), (again.Last, again.Committed, again.TermAt(2)));
    }

    [Fact]
    public async Task Term_and_vote_are_there_after_a_restart_and_damage_is_noticed()
    {
        var voter = ClusterMemberId.FromEndPoint(MemberName.Of(7));
        await State.UpdateTermAsync(4, true);
        await State.UpdateVotedForAsync(voter);
        var path = Path.Combine(_folder, "ballot");
        var copy = Path.Combine(_folder, "copy");
        File.Copy(path, copy);
        using (var ballot = Ballot.Open(copy))
        {
            Assert.Equal(4, ballot.Term);
            Assert.True(ballot.IsFreeFor(voter));
            Assert.False(ballot.IsFreeFor(ClusterMemberId.FromEndPoint(MemberName.Of(8))));
        }

        var good = await File.ReadAllBytesAsync(copy);
        for (var at = 0; at < 60; at++)
        {
            foreach (var slot in new[] { 0, 512 })
            {
                var bad = good.ToArray();
                bad[slot + at] ^= 4;
                await File.WriteAllBytesAsync(copy, bad);
                Assert.Throws<LogException>(() => Ballot.Open(copy).Dispose());
            }
        }
    }

    private RaftLog Open(ListReplica replica) => RaftLog.Open(new RaftLogOptions(_folder, new LogIdentity(1, 2), 1 << 16, 10, 1 << 20), _voters, replica, new RaftLogHooks(() => { }, () => { }, (_, _) => { }, (_, _) => default, _ => { }));

    private ValueTask TakeAsync(long start, params (long Term, string Text)[] entries) =>
        State.AppendAsync(new Producer(entries.Select(static one => new Sent(one.Term, Encoding.UTF8.GetBytes(one.Text), false))), start, true);

    private ValueTask InstallAsync(long index, long term)
    {
        var content = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(content, term);
        return State.AppendAsync(new Sent(0, content, true), index);
    }

    private sealed class Sent(long term, byte[] content, bool snapshot) : IRaftLogEntry
    {
        public long Term => term;

        bool ILogEntry.IsSnapshot => snapshot;

        bool IDataTransferObject.IsReusable => true;

        long? IDataTransferObject.Length => content.Length;

        ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token) => writer.WriteAsync(content, null, token);
    }

    private sealed class Producer(IEnumerable<Sent> entries) : ILogEntryProducer<Sent>
    {
        private readonly Queue<Sent> _entries = new(entries);

        public long RemainingCount => _entries.Count;

        public Sent Current { get; private set; } = null!;

        public ValueTask<bool> MoveNextAsync()
        {
            if (!_entries.TryDequeue(out var next)) return new(false);
            Current = next;
            return new(true);
        }

        public ValueTask DisposeAsync() => default;
    }
}
