using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Home;

/// <summary>Whatever becomes of the files, opening answers, soon, and never with a wrong state.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Nothing_is_missing()
    {
        Assert.IsType<HomeOpening.Missing>(_place.Open());
        File.WriteAllBytes(_place.Path, []);
        Assert.IsType<HomeOpening.Missing>(_place.Open());
    }

    [Fact]
    public void Another_members_and_another_clusters_are_foreign()
    {
        _place.Create(StoreView.Empty(7)).Dispose();
        Assert.Equal(new HomeIdentity(7, 0x11), Assert.IsType<HomeOpening.Foreign>(StoreHome.Open(_place.Path, new(7, 0x12))).Found);
        Assert.Contains("cluster 7 member 11", Assert.IsType<HomeOpening.Foreign>(StoreHome.Open(_place.Path, new(8, 0x11))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_is_damage_and_stays_as_it_is()
    {
        byte[][] garbage = [[1, 2, 3, 4, 5, 6, 7], new byte[8192], new byte[80_000], [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31))]];
        foreach (var bytes in garbage)
        {
            File.WriteAllBytes(_place.Path, bytes);
            Assert.StartsWith("cannot trust", Assert.IsType<HomeOpening.Damaged>(_place.Open()).Problem, StringComparison.Ordinal);
            Assert.Equal(bytes, File.ReadAllBytes(_place.Path));
        }
    }

    [Fact]
    public void A_database_that_is_no_store_is_damage()
    {
        using (var database = new HomeDatabase(_place.Path)) database.Checkpoint();
        Assert.IsType<HomeOpening.Damaged>(_place.Open());
    }

    [Fact]
    public void A_newer_format_is_named()
    {
        var writer = HomeDocument.Begin(Shelf.Identity, 1);
        writer.Unsigned(2);
        writer.Fixed64(12345);
        var batch = new Batch();
        batch.Written.Add(HomeDocument.End(Shelf.Identity, 1, writer));
        using (var database = new HomeDatabase(_place.Path)) database.Commit(batch);
        Assert.Equal(2, Assert.IsType<HomeOpening.Newer>(_place.Open()).Format);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_noticed()
    {
        var expected = Fill();
        var good = File.ReadAllBytes(_place.Path);
        for (var length = good.Length - 8192; length >= 0; length -= 8192)
        {
            File.WriteAllBytes(_place.Path, good[..length]);
            Assert.True(_place.Open() is HomeOpening.Damaged or HomeOpening.Missing, $"{length} of {good.Length}");
        }

        File.WriteAllBytes(_place.Path, good);
        using var home = _place.Reopen();
        Assert.Equal(expected, home.View.HashAll());
    }

    [Fact]
    public void No_flipped_bit_gives_a_wrong_state()
    {
        var expected = Fill();
        var good = File.ReadAllBytes(_place.Path);
        var random = new Random(5);
        var noticed = 0;
        for (var i = 0; i < 400; i++)
        {
            var bad = good.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_place.Path, bad);
            File.Delete(_place.LogPath);
            if (_place.Open() is HomeOpening.Opened opened)
            {
                Assert.Equal(expected, opened.View.HashAll());
                opened.Home.Dispose();
            }
            else
            {
                noticed++;
            }
        }

        // Bits in pages that nothing uses, and in what only writing needs, may go unnoticed: what was read is right all the same.
        Assert.InRange(noticed, 100, 400);
    }

    /// <summary>LiteDB's transactions throw when they are collected after damage in the middle of a page; that ends this whole process.</summary>
    [Fact]
    public void What_damage_leaves_behind_is_collected_in_peace()
    {
        Fill();
        var bad = File.ReadAllBytes(_place.Path);
        for (var at = 8192; at < bad.Length; at += 512) bad[at] ^= 0x10;
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllBytes(_place.Path, bad);
            Assert.IsType<HomeOpening.Damaged>(_place.Open());
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_record_is_noticed()
    {
        Fill();
        var good = File.ReadAllBytes(_place.Path);
        var records = Enumerable.Range(0, good.Length - 40).Where(at => good.AsSpan(at).StartsWith("value-of-key-"u8)).ToList();
        var random = new Random(6);
        for (var i = 0; i < 150; i++)
        {
            var at = records[random.Next(records.Count)] + random.Next(13);
            good[at] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(_place.Path, good);
            Assert.IsType<HomeOpening.Damaged>(_place.Open());
            good[at] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void A_document_lost_or_put_back_from_earlier_is_noticed()
    {
        Fill();
        foreach (var shelf in new[] { Shelf.Pages, Shelf.Events, Shelf.Leases, Shelf.Members, Shelf.Identity, Shelf.Mark })
        {
            var good = File.ReadAllBytes(_place.Path);
            using (var database = new HomeDatabase(_place.Path))
            {
                var batch = new Batch();
                batch.Remove(shelf, database.Read(shelf).Last().Id, 0);
                database.Commit(batch);
            }

            Assert.IsType<HomeOpening.Damaged>(_place.Open());
            File.Delete(_place.LogPath);
            File.WriteAllBytes(_place.Path, good);
        }

        HomeDocument old;
        using (var database = new HomeDatabase(_place.Path)) old = database.Read(Shelf.Mark).Single();
        using (var home = _place.Reopen())
        {
            var machine = new StoreMachine(home.View);
            machine.Apply(100_000, new(default, new Store.Commands.Command.LeaseGrant(99, 9)));
            Assert.Equal("", home.Flush(machine.View));
        }

        using (var database = new HomeDatabase(_place.Path))
        {
            var batch = new Batch();
            batch.Written.Add(old);
            database.Commit(batch);
        }

        Assert.IsType<HomeOpening.Damaged>(_place.Open());
    }

    [Fact]
    public void A_page_of_an_earlier_time_is_noticed_though_it_is_sound_by_itself()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        PutAndCompact(machine, "one");
        _place.Create(machine.View).Dispose();
        HomeDocument old;
        using (var database = new HomeDatabase(_place.Path)) old = database.Read(Shelf.Pages).Single();
        using (var home = _place.Reopen())
        {
            PutAndCompact(machine, "two");
            Assert.Equal("", home.Flush(machine.View));
        }

        using (var database = new HomeDatabase(_place.Path))
        {
            var batch = new Batch();
            batch.Written.Add(old);
            database.Commit(batch);
        }

        Assert.Contains("not all of one time", Assert.IsType<HomeOpening.Damaged>(_place.Open()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_left_by_a_killed_process_is_not_taken_into_a_new_home()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        using var left = new Place();
        using (var home = _place.Create(machine.View))
        {
            machine.Apply(1, new(default, new Store.Commands.Command.LeaseGrant(5, 60)));
            Assert.Equal("", home.Flush(machine.View));

            // LiteDB writes its log behind the commit: what a kill would leave is looked at until the commit is in it.
            var wait = System.Diagnostics.Stopwatch.StartNew();
            while (!HasLease(left)) Assert.True(wait.Elapsed < TimeSpan.FromSeconds(60), "the flush did not come to LiteDB's log");
        }

        Copy(left, _place);
        using var anew = _place.Create(StoreView.Empty(7));
        Assert.Equal(StoreView.Empty(7).HashAll(), anew.View.HashAll());

        bool HasLease(Place copy)
        {
            Copy(_place, copy);
            var hasLease = copy.Open() is HomeOpening.Opened opened && Close(opened).Leases.Count == 1;
            Copy(_place, copy);
            return hasLease;
        }
    }

    [Fact]
    public void Scrub_sees_on_the_disk_what_memory_does_not_show()
    {
        Fill();
        using var home = _place.Reopen();
        Assert.Empty(home.Scrub().Problems);
        var at = IndexOf(File.ReadAllBytes(_place.Path), "value-of-key-77"u8);
        using (var file = new FileStream(_place.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = at;
            file.WriteByte((byte)'X');
        }

        Assert.Contains("is not what was written", Assert.Single(home.Scrub().Problems), StringComparison.Ordinal);
    }

    private ulong Fill()
    {
        var machine = new StoreMachine(StoreView.Empty(7));
        machine.Apply(1, new(default, new Store.Commands.Command.LeaseGrant(5, 60)));
        machine.Apply(2, new(default, new Store.Commands.Command.MemberSet(new(9, "h1", ["http://h1:2380"], [], false))));
        for (var i = 0; i < 1500; i++)
        {
            var put = new Store.Commands.Operation.Put(Bytes.Of($"key-{i % 900}"), Bytes.Of($"value-of-key-{i}")) { Lease = i % 50 == 0 ? 5 : 0 };
            machine.Apply(machine.View.Index + 1, new(default, new Store.Commands.Command.Execute(put)));
        }

        machine.Apply(machine.View.Index + 1, new(default, new Store.Commands.Command.Compact(1000)));
        _place.Create(machine.View).Dispose();
        return machine.View.HashAll();
    }

    private static void PutAndCompact(StoreMachine machine, string value)
    {
        machine.Apply(machine.View.Index + 1, new(default, new Store.Commands.Command.Execute(new Store.Commands.Operation.Put(Bytes.Of("k"), Bytes.Of(value)))));
        machine.Apply(machine.View.Index + 1, new(default, new Store.Commands.Command.Compact(machine.View.Revision)));
    }

    private static StoreView Close(HomeOpening.Opened opened)
    {
        opened.Home.Dispose();
        return opened.View;
    }

    private static void Copy(Place from, Place to)
    {
        Copy(from.Path, to.Path);
        Copy(from.LogPath, to.LogPath);
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write);
        source.CopyTo(target);
    }

    private static int IndexOf(byte[] bytes, ReadOnlySpan<byte> wanted) => bytes.AsSpan().IndexOf(wanted) is >= 0 and var at ? at : throw new InvalidOperationException("not found");
}
