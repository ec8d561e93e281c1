using CsCheck;
using Mgmt.Store.Commands;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Home;

public sealed class StoreHomeTests
{
    [Fact]
    public void What_was_flushed_is_what_is_opened() => Gen.Int.Sample(
        seed =>
        {
            using var place = new Place();
            var storm = new Storm(seed);
            var machine = new StoreMachine(StoreView.Empty(7));
            var home = place.Create(machine.View);
            for (var index = 1; index < 400; index++)
            {
                machine.Apply(index, storm.Next(machine.View));
                if (storm.OneIn(25)) Assert.Equal("", home.Flush(machine.View));
                if (!storm.OneIn(100)) continue;
                var flushed = home.View.HashAll();
                home.Dispose();
                home = place.Reopen();
                Assert.Equal(flushed, home.View.HashAll());
                Assert.Empty(home.Scrub().Problems);

                // Sometimes the voter goes on from what was opened, as after a start; otherwise from what it has.
                if (!storm.OneIn(2)) continue;
                machine = new(home.View);
                index = (int)home.View.Index;
            }

            home.Dispose();
        },
        iter: 25,
        threads: 1);

    [Fact]
    public void Keys_that_were_compacted_before_they_were_flushed_are_there() => Gen.Int.Sample(
        seed =>
        {
            using var place = new Place();
            var storm = new Storm(seed);
            var machine = new StoreMachine(StoreView.Empty(7));
            using var home = place.Create(machine.View);
            for (var round = 0; round < 6; round++)
            {
                for (var i = 0; i < 30; i++) machine.Apply(machine.View.Index + 1, storm.Next(machine.View));
                machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(machine.View.Revision - storm.Next(10))));
                Assert.Equal("", home.Flush(machine.View));
                using var copy = new Place();
                home.Checkpoint();
                File.Copy(place.Path, copy.Path);
                using var opened = copy.Reopen();
                Assert.Equal(machine.View.HashAll(), opened.View.HashAll());
            }
        },
        iter: 25,
        threads: 1);

    [Fact]
    public void Many_pages_are_parted_rewritten_and_removed()
    {
        using var place = new Place();
        var machine = new StoreMachine(StoreView.Empty(7));
        var home = place.Create(machine.View);
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 2000; i++) Do(machine, new Operation.Put(Bytes.Of($"k{(i * 7919) + (round * 13 % 3)}"), Bytes.Own(new byte[100])));
            if (round == 3) Do(machine, new Operation.DeleteRange(new(Bytes.Of("k2"), Bytes.Of("k8"))));
            machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(machine.View.Revision - 500)));
            Assert.Equal("", home.Flush(machine.View));
            home.Dispose();
            home = place.Reopen();
            Assert.Equal(machine.View.HashAll(), home.View.HashAll());
        }

        home.Dispose();
    }

    [Fact]
    public void Small_batches_do_not_become_many_documents()
    {
        using var place = new Place();
        var machine = new StoreMachine(StoreView.Empty(7));
        using var home = place.Create(machine.View);
        for (var i = 0; i < 300; i++)
        {
            Do(machine, new Operation.Put(Bytes.Of("k"), Bytes.Own(new byte[100])));
            Assert.Equal("", home.Flush(machine.View));
        }

        Assert.InRange(home.Scrub().Documents, 5, 9);
    }

    [Fact]
    public void The_home_of_format_1_is_still_read()
    {
        using var place = new Place();
        File.WriteAllBytes(place.Path, Unpacked("home-v1.hex"));
        using var home = place.Reopen();
        Assert.Equal(Snapshots.SnapshotTests.Sample().HashAll(), home.View.HashAll());
        Assert.Empty(home.Scrub().Problems);
    }

    [Fact]
    public void The_documents_of_format_1_stay_what_they_are()
    {
        using var place = new Place();
        place.Create(Snapshots.SnapshotTests.Sample()).Dispose();
        Pack("home-v1.hex", place.Path);
        using var database = new HomeDatabase(place.Path, isReadOnly: true);
        foreach (var shelf in Enum.GetValues<Shelf>())
        {
            foreach (var document in database.Read(shelf)) GoldenFile.Check($"home-v1-{shelf}-{document.Id}.hex".ToLowerInvariant(), document.Bytes);
        }
    }

    [Fact]
    public void A_state_that_does_not_follow_is_a_mistake()
    {
        using var place = new Place();
        using var home = place.Create(Snapshots.SnapshotTests.Sample());
        Assert.Throws<ArgumentException>(() => home.Flush(StoreView.Empty(7)));
        Assert.Throws<ArgumentException>(() => home.Flush(StoreView.Empty(8)));
    }

    // Written once, when the format is new; a database is mostly zeros, so it is kept compressed.
    private static void Pack(string name, string path)
    {
        if (Environment.GetEnvironmentVariable("MGMT_WRITE_GOLDEN") != "1") return;
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true)) zip.Write(File.ReadAllBytes(path));
        GoldenFile.Check(name, packed.ToArray());
    }

    private static byte[] Unpacked(string name)
    {
        using var zip = new System.IO.Compression.BrotliStream(new MemoryStream(GoldenFile.Read(name)), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Do(StoreMachine machine, Operation operation) => machine.Apply(machine.View.Index + 1, new(default, new Command.Execute(operation)));
}
