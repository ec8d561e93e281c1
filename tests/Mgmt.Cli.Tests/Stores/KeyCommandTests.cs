using System.Text;
using System.Text.Json;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>The commands about keys, against a real etcd, and beside etcdctl. Each test has keys of its own.</summary>
public sealed class KeyCommandTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    [EtcdFact]
    public async Task What_is_put_is_got_and_deleted()
    {
        Assert.Equal("OK\n", await SaidAsync("kv", "put", "one/a", "1"));
        Assert.Equal("OK\none/a\n1\n", await SaidAsync("kv", "put", "one/a", "2", "--prev"));
        Assert.Equal("one/a\n2\n", await SaidAsync("kv", "get", "one/a"));
        Assert.Equal("1\none/a\n2\n", await SaidAsync("kv", "del", "one/a", "--prev"));
        Assert.Equal("0\n", await SaidAsync("kv", "del", "one/a"));
        Assert.Equal("", await SaidAsync("kv", "get", "one/a"));
    }

    [EtcdTheory]
    [InlineData("get two/ --prefix")]
    [InlineData("get two/b --from-key --limit 2")]
    [InlineData("get two/a --limit 1")]
    [InlineData("get two/none")]
    [InlineData("get two/ --prefix --rev REV")]
    public async Task What_is_got_is_what_etcdctl_gets(string command)
    {
        foreach (var (key, value) in new[] { ("c", "3"), ("a", "1"), ("b", "ünï") }) await SaidAsync("kv", "put", $"two/{key}", value);
        using var state = JsonDocument.Parse(await SaidAsync("kv", "get", "two/a", "-o", "json"));
        await SaidAsync("kv", "put", "two/a", "later");
        var words = command.Replace("REV", $"{state.RootElement.GetProperty("revision")}", StringComparison.Ordinal).Split(' ');
        Assert.Equal(await etcd.ControlAsync("", words), await SaidAsync(["kv", .. words]));
    }

    [EtcdFact]
    public async Task Ranges_are_sorted_counted_and_cut()
    {
        foreach (var (key, value) in new[] { ("c", "1"), ("a", "3"), ("b", "2") }) await SaidAsync("kv", "put", $"three/{key}", value);
        Assert.Equal("three/a\nthree/b\nthree/c\n", await SaidAsync("kv", "get", "three/", "--prefix", "--keys-only"));
        Assert.Equal("three/c\nthree/b\nthree/a\n", await SaidAsync("kv", "get", "three/", "--prefix", "--keys-only", "--sort", "value"));
        Assert.Equal("three/b\nthree/a\nthree/c\n", await SaidAsync("kv", "get", "three/", "--prefix", "--keys-only", "--sort", "create", "--descend"));
        Assert.Equal("three/a\nthree/b\n", await SaidAsync("kv", "get", "three/a", "--range-end", "three/c", "--keys-only"));
        Assert.Equal("3\n", await SaidAsync("kv", "get", "three/", "--prefix", "--count-only", "--serializable"));
        using var cut = JsonDocument.Parse(await SaidAsync("kv", "get", "three/", "--prefix", "--limit", "1", "-o", "json"));
        Assert.Equal((true, 3, 1), (cut.RootElement.GetProperty("more").GetBoolean(), cut.RootElement.GetProperty("count").GetInt32(), cut.RootElement.GetProperty("kvs").GetArrayLength()));
        Assert.Equal("2\n", await SaidAsync("kv", "del", "three/b", "--range-end", "three/d"));
    }

    [EtcdFact]
    public async Task Any_bytes_go_in_and_come_out()
    {
        var value = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.Equal("OK\n", await SaidAsync(new TestSurroundings { Input = value }, "kv", "put", "four", "-"));
        using var raw = new MemoryStream();
        await SaidAsync(new TestSurroundings { Answers = raw }, "kv", "get", "four", "--raw");
        Assert.Equal(value, raw.ToArray());
        Assert.Equal($"666f7572\n{Convert.ToHexStringLower(value)}\n", await SaidAsync("kv", "get", "666f7572", "--hex"));
        using var json = JsonDocument.Parse(await SaidAsync("kv", "get", "four", "-o", "json"));
        var kv = json.RootElement.GetProperty("kvs")[0];
        Assert.Equal(("four", "base64", false), (kv.GetProperty("key").GetString(), kv.GetProperty("value_encoding").GetString(), kv.TryGetProperty("key_encoding", out _)));
        Assert.Equal(value, kv.GetProperty("value").GetBytesFromBase64());
        Assert.Equal("OK\n", await SaidAsync("kv", "put", "--hex", "00ff", "0a"));
        Assert.Equal("\\x00\\xff\n\\n\n", await SaidAsync("kv", "get", "", "--from-key", "--limit", "1"));
    }

    [EtcdFact]
    public async Task The_present_value_or_lease_can_stay()
    {
        var lease = (await etcd.ControlAsync("", "lease", "grant", "600")).Split(' ')[1];
        await SaidAsync("kv", "put", "five", "v", "--lease", lease);
        await SaidAsync("kv", "put", "five", "w", "--ignore-lease");
        await SaidAsync("kv", "put", "five", "--ignore-value", "--lease", lease);
        using var json = JsonDocument.Parse(await SaidAsync("kv", "get", "five", "-o", "json"));
        var kv = json.RootElement.GetProperty("kvs")[0];
        Assert.Equal(("w", lease, 3), (kv.GetProperty("value").GetString(), kv.GetProperty("lease").GetString()!.PadLeft(16, '0'), kv.GetProperty("version").GetInt32()));
    }

    [EtcdTheory]
    [InlineData("kv put six v --lease 12", "cannot put \"six\": etcdserver: requested lease not found; name a lease that exists; this one may have expired\n", 1)]
    [InlineData("kv put six --ignore-value", "cannot put \"six\": etcdserver: key not found; put the key with a value first\n", 1)]
    [InlineData("kv get six --rev 99999", "cannot get \"six\": etcdserver: mvcc: required revision is a future revision; ask for a revision that exists\n", 1)]
    public async Task What_the_store_refuses_is_told_with_what_to_do(string command, string sentence, int exitCode)
    {
        var mgmt = Mgmt();
        Assert.Equal(exitCode, await mgmt.RunAsync(command.Split(' ')));
        Assert.Equal((sentence, ""), (mgmt.Error, mgmt.Output));
    }

    [EtcdFact]
    public async Task Too_much_input_is_refused_before_it_is_sent()
    {
        var mgmt = new TestSurroundings { Input = new byte[(3 << 19) + 1], Environment = { ["MGMT_ENDPOINTS"] = etcd.Endpoint, ["MGMT_INSECURE"] = "1" } };
        Assert.Equal(1, await mgmt.RunAsync("kv", "put", "seven", "-"));
        Assert.StartsWith("cannot put \"seven\": standard input has more than 1572864 bytes, the most that a request may have", mgmt.Error, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task Keys_are_listed_level_by_level()
    {
        foreach (var key in new[] { "/l/a", "/l/b/1", "/l/b/2", "/l/b/3/x", "/l/c", "/lx/y", "/l/" }) await SaidAsync("kv", "put", key, "v");
        Assert.Equal("/l/\n/l/a\n/l/b/\n/l/c\n/lx/\n", await SaidAsync("kv", "ls", "/l"));
        Assert.Equal("/l/b/1\n/l/b/2\n/l/b/3/\n", await SaidAsync("kv", "ls", "/l/b"));
        Assert.Equal("/l/b/1\n/l/b/2\n/l/b/3/x\n", await SaidAsync("kv", "ls", "/l/b/", "--recursive"));
        Assert.Equal("{\"key\":\"/l/b/3/\",\"level\":true}", (await SaidAsync("kv", "ls", "/l/b", "-o", "json")).Split('\n')[2]);
        Assert.Equal("", await SaidAsync("kv", "ls", "/none"));
    }

    [EtcdFact]
    public async Task A_long_list_comes_whole()
    {
        // Three pages, a level that is longer than one, and right behind it a key that begins like it.
        var keys = Enumerable.Range(0, 2300).Select(i => i < 1200 ? $"/pages/a/{i:0000}" : i == 1200 ? "/pages/a0" : $"/pages/b{i:0000}").ToList();
        for (var i = 0; i < keys.Count; i += 100) await SaidAsync(new TestSurroundings { Input = Encoding.UTF8.GetBytes("\n" + string.Concat(keys.Skip(i).Take(100).Select(key => $"put {key} v\n"))) }, "kv", "txn");
        Assert.Equal(string.Concat(keys.Select(key => key + "\n")), await SaidAsync("kv", "ls", "/pages", "--recursive"));
        Assert.Equal("/pages/a/\n" + string.Concat(keys.Skip(1200).Select(key => key + "\n")), await SaidAsync("kv", "ls", "/pages"));
    }

    [EtcdTheory]
    [InlineData("ver(\"t/a\") > \"0\"\nval(\"t/a\") = \"1\"\n\nput t/b \"x y\"\nget t/a\ndel t/c --prev-kv\n\nget t/b\n")]
    [InlineData("create(\"t/none\") = \"0\"\n\nput t/a 1\nget \"t/\" --prefix\n\n")]
    [InlineData("val(\"t/a\") != \"1\"\n\nput t/b 1\n\nget t/a\nput t/d \"it\\\"s\"\n")]
    [InlineData("mod(\"t/a\") < \"1\"\n\n\nput t/b 2\nget t/b\n")]
    public async Task A_transaction_does_what_etcdctl_does(string input)
    {
        await ResetAsync();
        var ours = await SaidAsync(new TestSurroundings { Input = Encoding.UTF8.GetBytes(input) }, "kv", "txn");
        await ResetAsync();
        Assert.Equal(await etcd.ControlAsync(input + "\n", "txn"), ours);

        async Task ResetAsync()
        {
            await SaidAsync("kv", "del", "t/", "--prefix");
            foreach (var key in new[] { "t/a", "t/c" }) await SaidAsync("kv", "put", key, "1");
        }
    }

    [EtcdFact]
    public async Task A_transaction_tells_programs_what_it_did()
    {
        var input = "create(\"u/lock\") = \"0\"\n\nput u/lock mine\nget u/lock\ndel u/none\n\nget u/lock\n"u8.ToArray();
        using var first = JsonDocument.Parse(await SaidAsync(new TestSurroundings { Input = input }, "kv", "txn", "-o", "json"));
        using var second = JsonDocument.Parse(await SaidAsync(new TestSurroundings { Input = input }, "kv", "txn", "-o", "json"));
        Assert.True(first.RootElement.GetProperty("succeeded").GetBoolean());
        var responses = first.RootElement.GetProperty("responses");
        Assert.Equal(first.RootElement.GetProperty("revision").GetInt64(), responses[0].GetProperty("put").GetProperty("revision").GetInt64());
        Assert.Equal("mine", responses[1].GetProperty("get").GetProperty("kvs")[0].GetProperty("value").GetString());
        Assert.Equal(0, responses[2].GetProperty("del").GetProperty("deleted").GetInt32());
        Assert.False(second.RootElement.GetProperty("succeeded").GetBoolean());
        Assert.Single(second.RootElement.GetProperty("responses").EnumerateArray());
    }

    [EtcdFact]
    public async Task Members_and_status_are_those_of_etcdctl()
    {
        var theirs = (await etcd.ControlAsync("", "member", "list")).TrimEnd('\n').Split(", ");
        var ours = (await SaidAsync("member", "list")).Split('\n');
        Assert.Equal(["ID", "NAME", "STATUS", "PEERS", "CLIENTS"], ours[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([theirs[0], theirs[2], "voter", theirs[3], theirs[4]], ours[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var status = JsonDocument.Parse(await SaidAsync("store", "status", "-o", "json"));
        var one = status.RootElement.GetProperty("endpoints")[0];
        Assert.Equal((theirs[0], "leader", "3.4.23"), (one.GetProperty("member").GetString(), one.GetProperty("role").GetString(), one.GetProperty("version").GetString()));
        Assert.Contains($"{etcd.Endpoint}  {theirs[0]}  leader", await SaidAsync("store", "status"), StringComparison.Ordinal);
    }

    private TestSurroundings Mgmt() => new() { Environment = { ["MGMT_ENDPOINTS"] = etcd.Endpoint, ["MGMT_INSECURE"] = "1" } };

    private Task<string> SaidAsync(params string[] arguments) => SaidAsync(new TestSurroundings(), arguments);

    private async Task<string> SaidAsync(TestSurroundings mgmt, params string[] arguments)
    {
        (mgmt.Environment["MGMT_ENDPOINTS"], mgmt.Environment["MGMT_INSECURE"]) = (etcd.Endpoint, "1");
        Assert.Equal((0, ""), (await mgmt.RunAsync(arguments), mgmt.Error));
        return mgmt.Output;
    }
}
