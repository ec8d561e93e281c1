using Google.Protobuf;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Wire;
using static Mgmt.Mesh.Tests.SideBySide.RawKeyTests;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>What etcdctl cannot say about watches, said to etcd and to us.</summary>
public sealed class RawWatchTests
{
    [EtcdFact]
    public async Task Watch_ids_as_etcd_gives_them()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one =>
        {
            using var talk = one.Watch();
            var said = new List<string>();
            foreach (var id in (long[])[0, 0, 5, 5, 2, 0, 0, -1, -1, 3, long.MaxValue]) said.Add((await talk.CreateAsync(new() { Key = Key("a"), WatchId = id })).ToString());
            foreach (var id in (long[])[1, 1, 99, 5])
            {
                await talk.CancelAsync(id);
                if (id is 99 || (id == 1 && said[^1].Contains("canceled", StringComparison.Ordinal))) continue;
                said.Add((await talk.NextAsync()).ToString());
            }

            foreach (var id in (long[])[0, 5, 1]) said.Add((await talk.CreateAsync(new() { Key = Key("a"), WatchId = id })).ToString());
            return string.Join('\n', said);
        });
    }

    [EtcdFact]
    public async Task Ranges_and_starts_of_watches()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var key in (string[])["a", "b", "a", "c", "\0"]) await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key(key), Value = Key("v") }));
        await pair.SameAsync(async one => await one.Kv.CompactAsync(new() { Revision = 3 }));
        foreach (var (from, to) in ((string, string)[])[("a", ""), ("a", "c"), ("a", "\0"), ("\0", "\0"), ("", "\0"), ("", ""), ("", "b"), ("b", "a"), ("a", "a")])
            await pair.SameAsync(one => WatchAsync(one, Key(from), Key(to), [-5, 1, 2, 3, 4, 6, 0, 7, 100]));
    }

    [EtcdFact]
    public async Task Filters_and_what_was_before()
    {
        await using var pair = await Pair.StartAsync();
        var (noPut, noDelete) = (WatchCreateRequest.Types.FilterType.Noput, WatchCreateRequest.Types.FilterType.Nodelete);
        foreach (var filters in (WatchCreateRequest.Types.FilterType[][])[[], [noPut], [noDelete], [noPut, noDelete]])
        {
            foreach (var before in (bool[])[true, false])
            {
                await pair.SameAsync(async one =>
                {
                    using var talk = one.Watch();
                    var revision = (await one.Kv.RangeAsync(new() { Key = Key("k") })).Header.Revision;
                    await talk.CreateAsync(new() { Key = Key("k"), PrevKv = before, Filters = { filters } });
                    await talk.CreateAsync(new() { Key = Key("end") });
                    await one.PutAsync("k", "1");
                    await one.PutAsync("k", "2");
                    await one.Kv.DeleteRangeAsync(new() { Key = Key("k") });
                    await one.Kv.TxnAsync(new() { Success = { Put("k", "3"), Put("other", "4") } });
                    await one.Kv.DeleteRangeAsync(new() { Key = Key("k") });
                    await one.PutAsync("end", "");
                    return await UntilAsync(talk, 1);
                });
            }
        }
    }

    [EtcdFact]
    public async Task Events_of_one_revision_stay_together_and_fragments_part_alike()
    {
        await using var pair = await Pair.StartAsync();
        var large = new string('x', 300_000);
        await pair.SameAsync(async one =>
        {
            for (var i = 0; i < 12; i++) await one.PutAsync($"k{i:00}", large);
            var sizes = new List<string>();
            foreach (var fragments in (bool[])[true, false])
            {
                using var talk = one.Watch();
                await talk.CreateAsync(new() { Key = Key("k"), RangeEnd = Key("l"), StartRevision = 2, Fragment = fragments });
                WatchResponse part;
                do
                {
                    part = await talk.NextAsync();
                    sizes.Add($"{part.Events.Count} {part.Fragment} {part.Events[0].Kv.Key.ToStringUtf8()}");
                }
                while (part.Fragment);
            }

            return string.Join('\n', sizes);
        });
    }

    [EtcdFact]
    public async Task Progress_when_all_is_told()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one =>
        {
            using var talk = one.Watch();
            await talk.AskProgressAsync();
            var said = (await talk.NextAsync()).ToString();
            await talk.CreateAsync(new() { Key = Key("a") });
            await talk.CreateAsync(new() { Key = Key("b"), WatchId = 9 });
            await one.PutAsync("a", "1");
            said += (await talk.NextAsync()).ToString();
            await talk.AskProgressAsync();
            return said + await talk.NextAsync();
        });
    }

    [EtcdFact]
    public async Task Requests_that_ask_nothing_are_passed_over()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one =>
        {
            using var talk = one.Watch();
            await talk.SendAsync(new());
            return (await talk.CreateAsync(new() { Key = Key("a") })).ToString();
        });
    }

    // What watches from these revisions say. One more tells when all has been said: what it hears of a new change comes after what they hear of the past.
    private static async Task<string> WatchAsync(RawClient one, ByteString from, ByteString to, long[] starts)
    {
        const long Last = 500;
        await one.PutAsync("end", "1");
        using var talk = one.Watch();
        var id = 1;
        foreach (var start in starts) await talk.SendAsync(new() { CreateRequest = new() { Key = from, RangeEnd = to, StartRevision = start, PrevKv = true, WatchId = id++ } });
        await talk.SendAsync(new() { CreateRequest = new() { Key = Key("end"), StartRevision = 4, WatchId = Last } });
        var said = new List<WatchResponse>();
        while (await talk.NextAsync() is var next && (next.WatchId != Last || next.Created)) said.Add(next);
        foreach (var value in (string[])["2", "3"])
        {
            // Watches of one change are told of it in any order, and all of them before the next change.
            await one.PutAsync("end", value);
            while (await talk.NextAsync() is var next && next.WatchId != Last) said.Add(next);
        }

        said.RemoveAll(static response => response.Events.Any(static one => one.Kv.Value == Key("3")));
        return string.Join('\n', said.OrderBy(static response => response.WatchId).Select(static response => response.ToString()));
    }

    private static async Task<string> UntilAsync(WatchTalk talk, long end)
    {
        var said = new List<string>();
        while (await talk.NextAsync() is var next && next.WatchId != end) said.Add(next.ToString());
        return string.Join('\n', said);
    }
}
