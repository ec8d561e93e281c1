using CsCheck;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Store.Tests.Machine;

/// <summary>The machine against the model. A failure names its seed: the same seed plays the same storm.</summary>
public sealed class ModelTests
{
    private const int Storms = 500;

    [Fact]
    public void Every_answer_and_event_is_the_models() => Gen.Int.Sample(
        seed =>
        {
            var storm = new Storm(seed);
            var model = new Model();
            var machine = new StoreMachine(StoreView.Empty(7));
            for (var index = 1L; index < 300; index++)
            {
                var proposal = Decoded(storm.Next(machine.View));
                var applied = machine.Apply(index, proposal)!;
                var (response, events) = model.Apply(index, proposal.Command);
                Assert.Equal((Text.Of((object)proposal), Text.Of(response)), (Text.Of((object)proposal), Text.Of(applied.Response)));
                Assert.Equal(events, applied.Events.Select(Text.Of));
                Assert.Equal((model.Revision, Terms.Of(index)), (machine.View.Revision, machine.View.Term));
                Assert.Equal(model.Members, machine.View.Members.Values.Select(Text.Of));
                var range = storm.NextRange(machine.View);
                Assert.Equal(Text.Of(model.Read(range)), Text.Of(machine.View.Read(range)));
            }
        },
        iter: Storms,
        threads: 1);

    [Fact]
    public void Voters_agree_however_they_came_to_their_state() => Gen.Int.Sample(
        seed =>
        {
            var storm = new Storm(seed);
            var one = new StoreMachine(StoreView.Empty(7));
            var other = new StoreMachine(StoreView.Empty(7));
            for (var index = 1L; index < 300; index++)
            {
                var proposal = storm.Next(one.View);
                one.Apply(index, proposal);
                other.Apply(index, proposal);
                if (storm.OneIn(30)) other = new(Copied(other.View));
                Assert.Equal(one.View.HashAll(), other.View.HashAll());
                var revision = storm.NextRevision(one.View);
                Assert.Equal(HashOf(one.View, revision), HashOf(other.View, revision));
                Assert.Equal(Leases(one.View), Leases(other.View));
                Assert.Equal((one.View.Index, one.View.Term), (other.View.Index, other.View.Term));
                Assert.Equal(one.View.Members, other.View.Members);
            }
        },
        iter: Storms / 3,
        threads: 1);

    [Fact]
    public void A_view_stays_as_it_was_while_the_machine_goes_on() => Gen.Int.Sample(
        seed =>
        {
            var storm = new Storm(seed);
            var machine = new StoreMachine(StoreView.Empty(7));
            var kept = new List<(StoreView View, byte[] Bytes)>();
            for (var index = 1L; index < 200; index++)
            {
                machine.Apply(index, storm.Next(machine.View));
                if (storm.OneIn(20)) kept.Add((machine.View, BytesOf(machine.View)));
            }

            Assert.All(kept, one => Assert.Equal(one.Bytes, BytesOf(one.View)));
        },
        iter: Storms / 5,
        threads: 1);

    [Fact]
    public void Machines_that_part_at_a_view_do_not_disturb_each_other() => Gen.Int.Sample(
        seed =>
        {
            var start = new StoreMachine(StoreView.Empty(7));
            var storm = new Storm(seed);
            for (var index = 1L; index < 50; index++) start.Apply(index, storm.Next(start.View));
            StoreMachine[] parted = [new(start.View), new(start.View), new(Copied(start.View)), new(Copied(start.View))];
            Storm[] storms = [new(1), new(2), new(1), new(2)];
            for (var index = 50L; index < 120; index++)
            {
                for (var i = 0; i < 4; i++) parted[i].Apply(index, storms[i].Next(parted[i].View));
            }

            Assert.Equal(parted[2].View.HashAll(), parted[0].View.HashAll());
            Assert.Equal(parted[3].View.HashAll(), parted[1].View.HashAll());
        },
        iter: 50,
        threads: 1);

    [Fact]
    public void An_entry_that_the_state_has_is_passed_over()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        var put = new Proposal(default, new Command.Execute(new Operation.Put(Bytes.Of("a"), Bytes.Of("b"))));
        machine.Apply(5, put);
        Assert.Null(machine.Apply(5, put));
        Assert.Null(machine.Apply(4, put));
        machine.Pass(9, 3);
        Assert.Null(machine.Apply(9, put));
        Assert.Equal((9, 3, 2), (machine.View.Index, machine.View.Term, machine.View.Revision));
    }

    internal static byte[] BytesOf(StoreView view)
    {
        var stream = new MemoryStream();
        SnapshotWriter.Write(view, stream);
        return stream.ToArray();
    }

    internal static StoreView Copied(StoreView view)
    {
        Assert.True(SnapshotReader.TryRead(new MemoryStream(BytesOf(view)), 7, out var copy, out var problem), problem);
        return copy;
    }

    private static Proposal Decoded(Proposal proposal)
    {
        Assert.True(CommandCodec.TryDecode(CommandCodec.Encode(proposal), out var decoded, out var problem), problem);
        Assert.Equal(Text.Of((object)proposal), Text.Of((object)decoded));
        return decoded;
    }

    private static (uint, string?) HashOf(StoreView view, long revision) => (view.HashKeys(revision, out var hash)?.Message) is var error ? (hash, error) : default;

    private static string Leases(StoreView view) => string.Join(';', view.Leases.Values.Select(lease => $"{lease} {string.Join(',', view.LeaseKeys(lease.Id))}"));
}
