using System.Runtime.CompilerServices;
using System.Text;
using DotNext.Net.Cluster;
using Mgmt.Mesh.Raft.Log;

namespace Mgmt.Mesh.Tests.Raft.Log;

/// <summary>A folder that an earlier version wrote: this one must read it, and write the same. MGMT_GOLDEN_WRITE=1 writes it anew, which only a new format may need.</summary>
public sealed class GoldenTests : IDisposable
{
    private static readonly LogIdentity Identity = new(0xC0FFEE, 0xBEE);
    private readonly string _folder = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_folder_of_an_earlier_version_is_read()
    {
        if (Environment.GetEnvironmentVariable("MGMT_GOLDEN_WRITE") == "1") await WriteAsync(Golden());
        foreach (var file in Directory.GetFiles(Golden())) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        var entries = Directory.CreateDirectory(Path.Combine(_folder, "entries")).FullName;
        foreach (var file in Directory.GetFiles(_folder, "*.log")) File.Move(file, Path.Combine(entries, Path.GetFileName(file)));
        using var log = EntryLog.Open(entries, Identity, 4096);
        Assert.Equal((6, 42, 5), (log.First, log.Last, log.TermOf(5)));
        Assert.Equal((7, EntryKind.Configuration), log.HeadOf(7));
        Assert.Equal([1UL, 2UL, 0xBEEUL], VoterSet.Parse(log.PayloadOf(7)).Ids.ToArray());
        for (var i = 8; i <= 42; i++) Assert.Equal((i < 30 ? 7 : 9, $"golden entry {i}"), (log.TermOf(i), Encoding.UTF8.GetString(log.PayloadOf(i))));
        using var ballot = Ballot.Open(Path.Combine(_folder, "ballot"));
        Assert.Equal(9, ballot.Term);
        Assert.True(ballot.IsFreeFor(ClusterMemberId.FromEndPoint(MemberName.Of(2))));
        Assert.False(ballot.IsFreeFor(ClusterMemberId.FromEndPoint(MemberName.Of(3))));
        using var voters = VoterFile.Open(Path.Combine(_folder, "voters"));
        Assert.Equal([1UL, 2UL, 0xBEEUL], voters.Voters.Ids.ToArray());
        Assert.Equal(7, voters.Version);
    }

    [Fact]
    public async Task What_this_version_writes_is_the_same_to_the_byte()
    {
        await WriteAsync(_folder);
        foreach (var file in Directory.GetFiles(Golden()))
            Assert.Equal(Convert.ToHexString(await File.ReadAllBytesAsync(file)), Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(_folder, Path.GetFileName(file)))));
    }

    private static async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        using (var log = EntryLog.Open(folder, Identity, 4096))
        {
            log.AppendAt(1, 3, EntryKind.Command, "before the reset"u8.ToArray());
            log.Reset(5, 5);
            log.AppendAt(6, 7, EntryKind.Command, default);
            log.AppendAt(7, 7, EntryKind.Configuration, new VoterSet([0xBEE, 1, 2]).Bytes);
            for (var i = 8; i <= 35; i++) log.AppendAt(i, 7, EntryKind.Command, Encoding.UTF8.GetBytes($"golden entry {i}"));
            for (var i = 30; i <= 42; i++) log.AppendAt(i, 9, EntryKind.Command, Encoding.UTF8.GetBytes($"golden entry {i}"));
            await log.FlushAllAsync(default);
        }

        using (var ballot = Ballot.Open(Path.Combine(folder, "ballot")))
        {
            ballot.Update(9, true);
            ballot.Vote(ClusterMemberId.FromEndPoint(MemberName.Of(2)));
        }

        using var voters = VoterFile.Open(Path.Combine(folder, "voters"));
        voters.Save(new VoterSet([1]), 0);
        voters.Save(new VoterSet([1, 2, 0xBEE]), 7);
    }

    private static string Golden([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "golden");
}
