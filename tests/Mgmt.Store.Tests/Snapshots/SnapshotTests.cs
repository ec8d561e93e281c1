using CsCheck;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;
using Mgmt.Store.Tests.Machine;

namespace Mgmt.Store.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    public void The_bytes_of_version_1_stay_what_they_are()
    {
        var view = Sample();
        GoldenFile.Check("snapshot-v1.hex", ModelTests.BytesOf(view));
        Assert.True(SnapshotReader.TryRead(new MemoryStream(GoldenFile.Read("snapshot-v1.hex")), 7, out var read, out var problem), problem);
        Assert.Equal(view.HashAll(), read.HashAll());
    }

    [Fact]
    public void Its_head_says_what_it_is()
    {
        var view = Sample();
        Assert.True(SnapshotReader.TryInspect(new MemoryStream(ModelTests.BytesOf(view)), out var head, out var problem), problem);
        Assert.Equal(new(1, 7, view.Index, view.Term, view.Revision, 4, view.Count, view.HistoryCount), head);
    }

    [Fact]
    public void Another_clusters_is_refused()
    {
        Assert.False(SnapshotReader.TryRead(new MemoryStream(ModelTests.BytesOf(Sample())), 8, out _, out var problem));
        Assert.Contains("cluster 7", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_flipped_bit_and_no_cut_goes_unnoticed()
    {
        var good = ModelTests.BytesOf(Sample());
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(bad);
        }

        for (var length = 0; length < good.Length; length++) Refused(good[..length]);
    }

    [Fact]
    public void Frames_left_out_doubled_or_exchanged_are_noticed()
    {
        var pieces = SnapshotWriter.Pieces(Sample()).Select(one => one.ToArray()).ToList();
        for (var i = 1; i < pieces.Count; i++)
        {
            Refused([.. pieces.Where((_, at) => at != i).SelectMany(one => one)]);

            // What comes behind the last frame is not the snapshot's any more.
            if (i < pieces.Count - 1) Refused([.. pieces.Take(i).Append(pieces[i]).Concat(pieces.Skip(i)).SelectMany(one => one)]);
            if (i < pieces.Count - 1) Refused([.. pieces.Take(i).Append(pieces[i + 1]).Append(pieces[i]).Concat(pieces.Skip(i + 2)).SelectMany(one => one)]);
        }
    }

    [Fact]
    public void It_stands_for_the_state_when_it_was_begun_however_far_the_machine_has_gone()
    {
        var storm = new Storm(3);
        var machine = new StoreMachine(StoreView.Empty(7));
        for (var index = 1; index < 5000; index++) machine.Apply(index, storm.Next(machine.View));
        var view = machine.View;
        var expected = ModelTests.BytesOf(view);
        var written = new MemoryStream();
        foreach (var piece in SnapshotWriter.Pieces(view))
        {
            written.Write(piece.Span);
            for (var i = 0; i < 500; i++) machine.Apply(machine.View.Index + 1, storm.Next(machine.View));
        }

        Assert.Equal(expected, written.ToArray());
    }

    [Fact]
    public void Many_keys_go_in_many_frames() => Gen.Int[1, 4000].Sample(
        count =>
        {
            var machine = new StoreMachine(StoreView.Empty(7));
            for (var i = 1; i <= count; i++) machine.Apply(i, new(default, new Command.Execute(new Operation.Put(Bytes.Of($"key{i}"), Bytes.Own(new byte[i % 300])))));
            machine.Apply(count + 1, new(default, new Command.Compact(count / 2)));
            Assert.Equal(machine.View.HashAll(), ModelTests.Copied(machine.View).HashAll());
        },
        iter: 10);

    [Fact]
    public void In_another_cluster_keys_history_and_leases_are_the_same_and_the_members_are_gone()
    {
        var old = Sample();
        var view = ModelTests.Copied(old).InCluster(8, 3, 2);
        Assert.Equal((8UL, 3L, 2L, old.Revision, old.CompactRevision), (view.Cluster, view.Index, view.Term, view.Revision, view.CompactRevision));
        Assert.Empty(view.Members);
        Assert.Equal(old.LeaseKeys(11), view.LeaseKeys(11));
        Assert.Equal(new Lease(11, 60, 0), view.Leases[11]);
        Assert.Equal(old.Alarms, view.Alarms);
        Assert.Null(old.HashKeys(0, out var before));
        Assert.Null(view.HashKeys(0, out var after));
        Assert.Equal(before, after);

        // It goes on as a state of its own: what is behind its index is new, and the leases end with their keys.
        var machine = new StoreMachine(view);
        Assert.Null(machine.Apply(3, 2, new(default, Put("e", "1"))));
        Assert.IsType<Response.Failed>(machine.Apply(4, 2, new(default, new Command.LeaseGrant(11, 60)))!.Response);
        Assert.Equal(2, machine.Apply(5, 2, new(default, new Command.LeaseExpire(11, 0)))!.Events.Count);
        Assert.True(SnapshotReader.TryRead(new MemoryStream(ModelTests.BytesOf(machine.View)), 8, out var copy, out var problem), problem);
        Assert.Equal(machine.View.HashAll(), copy.HashAll());
    }

    internal static StoreView Sample()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        Command[] commands =
        [
            new Command.LeaseGrant(11, 60),
            Put("a", "1"), Put("b", "1", 11), Put("c", "1"), Put("a", "2"),
            new Command.Execute(new Operation.DeleteRange(KeyRange.Single(Bytes.Of("c")))),
            Put("a", "3"), Put("d", "1", 11),
            new Command.Compact(4),
            new Command.AlarmChange(AlarmAction.Activate, new(3, AlarmKind.NoSpace)),
            new Command.MemberSet(new(ulong.MaxValue - 2, "h1", ["http://h1:2380"], ["http://h1:2379", "http://h1:2479"], false)),
            new Command.MemberSet(new(2, "", ["http://h2:2380"], [], true)),
        ];
        foreach (var command in commands) machine.Apply(machine.View.Index + 1, new(default, command));
        return machine.View;
    }

    private static Command.Execute Put(string key, string value, long lease = 0) => new(new Operation.Put(Bytes.Of(key), Bytes.Of(value)) { Lease = lease });

    private static void Refused(byte[] bytes)
    {
        Assert.False(SnapshotReader.TryRead(new MemoryStream(bytes), 7, out _, out var problem));
        Assert.StartsWith("cannot ", problem, StringComparison.Ordinal);
    }
}
