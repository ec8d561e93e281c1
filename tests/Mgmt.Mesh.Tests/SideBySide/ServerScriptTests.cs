using System.Text.RegularExpressions;
using Mgmt.Store.Snapshots;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>The same of what concerns the server.</summary>
public sealed partial class ServerScriptTests
{
    [EtcdFact]
    public async Task Endpoints_members_and_maintenance()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1");
        foreach (var view in (string[])["simple", "json", "fields", "table"])
        {
            await pair.SameAsync(new Ctl($"endpoint status -w {view}"), CoverCells);
            await pair.SameAsync(new Ctl($"endpoint hashkv -w {view}"), CoverCells);
            await pair.SameAsync(new Ctl($"member list -w {view}"), CoverCells);
            await pair.SameAsync(new Ctl($"endpoint health -w {view}"), CoverCells);
        }

        await pair.SameAsync(new Ctl("endpoint status --cluster"), CoverCells);
        await pair.SameAsync("alarm list", "alarm disarm", "defrag", "move-leader 1");
    }

    [EtcdFact]
    public async Task Snapshots_are_whole_for_etcdctl()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var i in Enumerable.Range(0, 50)) await pair.Our.PutAsync($"k{i}", new string('x', 5000));
        var path = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, (await Etcdctl.RunAsync(pair.Etcd.Port, $"snapshot save {path}")).Exit);
            var told = await Etcdctl.RunAsync(pair.Ours.Tcp.Port, $"snapshot save {path}");
            Assert.Equal($"exit 0\nSnapshot saved at {path}\n", told.ToString());
            var length = new FileInfo(path).Length;
            Assert.Equal(32, length % 512);
            Assert.True(length > 250_000, $"{length}");
            await using var file = File.OpenRead(path);
            Assert.True(SnapshotReader.TryRead(file, null, out var view, out var problem), problem);
            Assert.Equal((50, 51), (view.Count, view.Revision));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [EtcdFact]
    public async Task A_mirror_goes_both_ways()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Theirs.PutAsync("t/before", "1");
        await pair.Our.PutAsync("o/before", "1");
        using var there = Etcdctl.Start(pair.Etcd.Port, $"make-mirror --prefix t/ 127.0.0.1:{pair.Ours.Tcp.Port}");
        using var back = Etcdctl.Start(pair.Ours.Tcp.Port, $"make-mirror --prefix o/ 127.0.0.1:{pair.Etcd.Port}");
        try
        {
            await Etcdctl.RunAsync(pair.Ours.Tcp.Port, new("watch t/before --rev 1", Until: "PUT"));
            await Etcdctl.RunAsync(pair.Etcd.Port, new("watch o/before --rev 1", Until: "PUT"));
            await pair.Theirs.PutAsync("t/after", "2");
            await pair.Our.PutAsync("o/after", "2");
            await Etcdctl.RunAsync(pair.Ours.Tcp.Port, new("watch t/after --rev 1", Until: "PUT"));
            await Etcdctl.RunAsync(pair.Etcd.Port, new("watch o/after --rev 1", Until: "PUT"));
        }
        finally
        {
            there.Kill();
            back.Kill();
        }

        await pair.SameAsync("get t/ --prefix", "get o/ --prefix");
    }

    [EtcdFact]
    public async Task A_check_of_the_data_scale_passes()
    {
        await using var pair = await Pair.StartAsync();
        var told = await Etcdctl.RunAsync(pair.Ours.Tcp.Port, "check datascale --load s");
        Assert.Contains("PASS", told.Output, StringComparison.Ordinal);
        Assert.Equal(0, told.Exit);
    }

    [EtcdTheory]
    [InlineData("/health")]
    [InlineData("/version")]
    public async Task Pages(string path)
    {
        await using var pair = await Pair.StartAsync();
        using var http = new HttpClient();
        var theirs = await http.GetAsync(new Uri(pair.Etcd.Url + path));
        var ours = await http.GetAsync(new Uri(pair.Ours.Url + path));
        Assert.Equal((theirs.StatusCode, await theirs.Content.ReadAsStringAsync()), (ours.StatusCode, await ours.Content.ReadAsStringAsync()));
        Assert.Equal(theirs.Content.Headers.ContentType?.ToString(), ours.Content.Headers.ContentType?.ToString());
    }

    [EtcdFact]
    public async Task Every_metric_with_a_name_of_etcds_is_one_of_etcds()
    {
        await using var pair = await Pair.StartAsync();
        using var http = new HttpClient();
        var theirs = Names(await http.GetStringAsync(new Uri(pair.Etcd.Url + "/metrics")));
        var ours = Names(await http.GetStringAsync(new Uri(pair.Ours.Url + "/metrics")));
        Assert.Empty(ours.Where(one => !one.StartsWith("mgmt_", StringComparison.Ordinal)).Except(theirs));
        Assert.Contains("etcd_server_has_leader gauge", ours);
    }

    private static HashSet<string> Names(string metrics) => Types().Matches(metrics).Select(static one => one.Groups[1].Value).ToHashSet();

    // The numbers in columns that two servers cannot have in common, and the columns' widths, which follow them.
    private static string CoverCells(string text) => Spaces().Replace(Rules().Replace(Cells().Replace(text, "N"), "-"), " ");

    [GeneratedRegex(@"(?<=[|,] *)\d+(?= *[|,\n])")]
    private static partial Regex Cells();

    [GeneratedRegex("-+")]
    private static partial Regex Rules();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex("# TYPE (.*)")]
    private static partial Regex Types();
}
