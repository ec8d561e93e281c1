namespace Mgmt.Mesh.Tests.Raft;

/// <summary>A disk without room: proposals are refused, the process lives, nothing is lost, and all goes on once there is room.</summary>
public sealed class FullDiskTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_full_disk_refuses_and_goes_on_with_room()
    {
        await using var cluster = new ChildCluster(1, 0);
        cluster.Start(1, "1536k");
        var child = cluster[1];
        await child.HearAsync(static line => line == "ready", Deadline);
        var disk = $"/proc/{child.ProcessId}/root{cluster.FolderOf(1)}";
        var sure = new List<string>();
        Assert.True(await ProposeAsync(child, "first", sure));
        Fill(Path.Combine(disk, "filler"));
        var filler = new string('f', 4000);
        var refused = 0;
        for (var i = 0; i < 400 && refused < 3; i++) refused += await ProposeAsync(child, $"{i} {filler}", sure) ? 0 : 1;
        Assert.Equal(3, refused);
        Assert.Contains(cluster.Said, static line => line.Contains("no room", StringComparison.Ordinal));
        File.Delete(Path.Combine(disk, "filler"));
        Assert.True(await ProposeAsync(child, "room again", sure));
        child.Tell($"dump {cluster.Folder}/dump");
        await child.HearAsync(static line => line == "dumped", Deadline);
        Assert.Equal(sure, await File.ReadAllLinesAsync(Path.Combine(cluster.Folder, "dump")));
    }

    private static async Task<bool> ProposeAsync(ChildCluster.Child child, string text, List<string> sure)
    {
        var line = await child.ProposeAsync(text, Deadline);
        var done = line.StartsWith("ack", StringComparison.Ordinal);
        if (done) sure.Add(text);
        return done;
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
