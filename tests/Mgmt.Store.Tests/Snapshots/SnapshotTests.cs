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
        Assert.Equal(new(1, 7, view.Index, view.Revision, 4, view.Count, view.HistoryCount), head);
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
