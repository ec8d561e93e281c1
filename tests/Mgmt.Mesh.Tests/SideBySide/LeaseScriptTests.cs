using System.Text.RegularExpressions;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>The same of leases, locks and elections.</summary>
public sealed partial class LeaseScriptTests
{
    [EtcdFact]
    public async Task Leases_from_grant_to_revocation()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("lease list", "lease grant 100", "lease grant 1", "lease grant 0", "lease grant -- -5", "lease grant 9000000001", "lease grant 9000000000", "lease grant 100 -w json");
        foreach (var view in (string[])["simple", "json", "fields", "table"])
        {
            var (their, our) = (await GrantAsync(pair.Etcd.Port), await GrantAsync(pair.Ours.Tcp.Port));
            foreach (var command in (string[])["put k1 v --lease LEASE", "put k2 v", "get k1 -w VIEW", "put k1 v2 --ignore-lease", "lease timetolive LEASE -w VIEW", "lease timetolive LEASE --keys -w VIEW", "lease keep-alive --once LEASE -w VIEW", "lease revoke LEASE -w VIEW", "get k1 k3 -w VIEW", "lease revoke LEASE -w VIEW", "lease timetolive LEASE -w VIEW", "lease timetolive LEASE --keys -w VIEW", "lease keep-alive LEASE -w VIEW"])
            {
                var words = command.Replace("VIEW", view, StringComparison.Ordinal);
                var theirs = await Etcdctl.RunAsync(pair.Etcd.Port, words.Replace("LEASE", their, StringComparison.Ordinal));
                var ours = await Etcdctl.RunAsync(pair.Ours.Tcp.Port, words.Replace("LEASE", our, StringComparison.Ordinal));
                Assert.Equal(words + "\n" + Cover(theirs, their), words + "\n" + Cover(ours, our));
            }
        }

        await pair.SameAsync("lease revoke 1234", "lease timetolive 1234", "lease keep-alive 1234", "lease revoke zz");
    }

    [EtcdFact]
    public async Task An_expired_lease_takes_its_keys_with_it()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var port in (int[])[pair.Etcd.Port, pair.Ours.Tcp.Port])
        {
            var lease = await GrantAsync(port, "2");
            await Etcdctl.RunAsync(port, $"put gone 1 --lease {lease}");
            var seen = await Etcdctl.RunAsync(port, new("watch gone --rev 2", Until: "DELETE\ngone"));
            Assert.StartsWith("PUT\ngone\n1\nDELETE\ngone", seen.Output, StringComparison.Ordinal);
        }

        await pair.SameAsync("get gone -w json", "lease list");
    }

    [EtcdFact]
    public async Task Locks_and_elections()
    {
        await using var pair = await Pair.StartAsync();

        // A lock without a command shows its key, and the key's value, which is empty.
        await pair.SameAsync("lock mine echo held", "lock mine --ttl 20 echo again", "lock mine sh -c \"exit 3\"", new Ctl("lock mine", Until: "mine/.*\n"), new Ctl("elect e value", Until: "value"));

        // The killed holders' leases still hold: a second candidate waits behind the first.
        await pair.SameAsync(new Ctl("elect -l e", Until: "value"), new Ctl("get e/ --prefix --print-value-only"));
    }

    private static async Task<string> GrantAsync(int port, string seconds = "600")
    {
        var told = await Etcdctl.RunAsync(port, $"lease grant {seconds}");
        return Granted().Match(told.Output).Groups[1].Value;
    }

    // What is left of a lease's time depends on the moment, within a second or two.
    private static string Cover(Told told, string lease) =>
        Remaining().Replace(Mask.Cover(told.ToString().Replace(lease, "LEASE", StringComparison.Ordinal).Replace(Convert.ToInt64(lease, 16).ToString(), "LEASE", StringComparison.Ordinal)), "59x");

    [GeneratedRegex("lease ([0-9a-f]+) granted")]
    private static partial Regex Granted();

    [GeneratedRegex(@"\b59\d\b")]
    private static partial Regex Remaining();
}
