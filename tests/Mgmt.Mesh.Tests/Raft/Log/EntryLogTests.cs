using System.Text;
using Mgmt.Mesh.Raft.Log;

namespace Mgmt.Mesh.Tests.Raft.Log;

/// <summary>The entries on the disk: what was flushed is there again, what was torn is gone, what is damaged is noticed.</summary>
public sealed class EntryLogTests : IDisposable
{
    private const int Size = 4096;
    private readonly string _folder = Directory.CreateTempSubdirectory("entries").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_flushed_is_there_again_over_many_files()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 200; i++) log.AppendAt(i, i / 50 + 1, EntryKind.Command, Payload(i));
            await log.FlushAllAsync(default);
            Assert.Equal(200, log.FlushedIndex);
        }

        using var again = Open();
        Assert.Equal((1, 200), (again.First, again.Last));
        for (var i = 1; i <= 200; i++) Assert.Equal((i / 50 + 1, $"entry {i}"), (again.TermOf(i), Text(again, i)));
        Assert.True(Directory.GetFiles(_folder).Length >= 3);
    }

    [Fact]
    public async Task An_entry_takes_the_place_of_another_and_of_all_behind_it()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 10; i++) log.AppendAt(i, 1, EntryKind.Command, Payload(i));
            await log.FlushAllAsync(default);
            log.AppendAt(5, 2, EntryKind.Command, Payload(55));
            Assert.Equal((5, 4), (log.Last, log.FlushedIndex));
            await log.FlushAllAsync(default);
        }

        using var again = Open();
        Assert.Equal((5, 2, "entry 55", "entry 4"), (again.Last, again.TermOf(5), Text(again, 5), Text(again, 4)));
    }

    [Fact]
    public async Task What_a_power_cut_tore_is_gone_and_the_log_goes_on_before_it()
    {
        var big = new byte[1500];
        Array.Fill(big, (byte)'x');
        using (var log = Open())
        {
            log.AppendAt(1, 1, EntryKind.Command, Payload(1));
            await log.FlushAllAsync(default);
            log.AppendAt(2, 1, EntryKind.Command, big);
            log.AppendAt(3, 1, EntryKind.Command, Payload(3));
            await log.FlushAllAsync(default);
        }

        Zero(Path.Combine(_folder, Segment.NameOf(1)), 1024, 512);
        using (var torn = Open())
        {
            Assert.Equal(1, torn.Last);
            torn.AppendAt(2, 2, EntryKind.Command, Payload(2));
            await torn.FlushAllAsync(default);
        }

        using var again = Open();
        Assert.Equal((2, "entry 2"), (again.Last, Text(again, 2)));
    }

    [Fact]
    public async Task What_was_once_flushed_and_is_gone_is_damage_not_tearing()
    {
        var big = new byte[1500];
        Array.Fill(big, (byte)'x');
        using (var log = Open())
        {
            log.AppendAt(1, 1, EntryKind.Command, big);
            await log.FlushAllAsync(default);
            log.AppendAt(2, 1, EntryKind.Command, Payload(2));
            await log.FlushAllAsync(default);
        }

        Zero(Path.Combine(_folder, Segment.NameOf(1)), 512, 512);
        Assert.Contains("damaged", Assert.Throws<LogException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_is_never_taken_for_data_nor_for_the_end()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 60; i++)
            {
                log.AppendAt(i, 1, EntryKind.Command, Payload(i));
                await log.FlushAllAsync(default);
            }
        }

        var random = new Random(7);
        var file = Path.Combine(_folder, Segment.NameOf(1));
        var good = await File.ReadAllBytesAsync(file);
        var used = good.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (var i = 0; i < 300; i++)
        {
            var bad = good.ToArray();
            var at = random.Next(used);
            bad[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(file, bad);
            try
            {
                using var log = Open();
                Assert.True(log.Last == 60, $"byte {at} flipped: ends at {log.Last}");
                for (var entry = 1; entry <= 60; entry++) Assert.Equal($"entry {entry}", Text(log, entry));
            }
            catch (LogException)
            {
                // Noticed.
            }
        }
    }

    [Fact]
    public async Task What_is_dropped_frees_its_files_and_the_rest_is_read_again()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 300; i++) log.AppendAt(i, 1, EntryKind.Command, Payload(i));
            await log.FlushAllAsync(default);
            log.DropThrough(250);
            Assert.Equal((251, 1), (log.First, log.TermOf(250)));
            Assert.True(Directory.GetFiles(_folder, "*.log").Length <= 5);
        }

        using var again = Open();
        Assert.True(again.First is > 150 and <= 251);
        Assert.Equal((300, "entry 300"), (again.Last, Text(again, 300)));
    }

    [Fact]
    public async Task After_a_reset_only_what_came_later_is_there()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 20; i++) log.AppendAt(i, 1, EntryKind.Command, Payload(i));
            log.Reset(10, 4);
            Assert.Equal((11, 10, 4), (log.First, log.Last, log.TermOf(10)));
            log.AppendAt(11, 5, EntryKind.Command, Payload(11));
            await log.FlushAllAsync(default);
        }

        using var again = Open();
        Assert.Equal((11, 11, 4, 5), (again.First, again.Last, again.TermOf(10), again.TermOf(11)));
    }

    [Fact]
    public void Terms_never_go_down()
    {
        using var log = Open();
        log.AppendAt(1, 3, EntryKind.Command, Payload(1));
        Assert.Throws<LogException>(() => log.AppendAt(2, 2, EntryKind.Command, Payload(2)));
    }

    [Fact]
    public async Task A_log_of_another_member_cluster_or_with_a_file_missing_is_refused()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 200; i++) log.AppendAt(i, 1, EntryKind.Command, Payload(i));
            await log.FlushAllAsync(default);
        }

        Assert.Contains("member", Assert.Throws<LogException>(() => EntryLog.Open(_folder, new LogIdentity(1, 9), Size)).Message, StringComparison.Ordinal);
        Assert.Contains("cluster", Assert.Throws<LogException>(() => EntryLog.Open(_folder, new LogIdentity(9, 2), Size)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, Segment.NameOf(2)));
        Assert.Contains("missing", Assert.Throws<LogException>(Open).Message, StringComparison.Ordinal);
    }

    private static byte[] Payload(int i) => Encoding.UTF8.GetBytes($"entry {i}");

    private static string Text(EntryLog log, long index) => Encoding.UTF8.GetString(log.PayloadOf(index));

    private static void Zero(string path, int at, int count)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, new byte[count], at);
    }

    private EntryLog Open() => EntryLog.Open(_folder, new LogIdentity(1, 2), Size);
}
