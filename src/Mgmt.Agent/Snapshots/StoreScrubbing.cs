using System.Net.Sockets;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Place;
using Mgmt.Store.Home;

namespace Mgmt.Agent.Snapshots;

/// <summary>Checks the store of this host: by the agent that has it open, or its files when none has.</summary>
public static class StoreScrubbing
{
    // As long as two GiB on a slow disk may take.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Reads every record of the store below a prefix.</summary>
    /// <param name="prefix">The agent's state directory.</param>
    /// <param name="rewrite">Whether an agent that finds damage is to write its home anew, with the state that it has in memory. Otherwise nothing is repaired.</param>
    /// <param name="time">The clock.</param>
    public static async Task<StoreScrubbed> ScrubAsync(string prefix, bool rewrite, TimeProvider time)
    {
        var place = new StorePlace(prefix);
        try
        {
            if (IsServed(place)) return await AskAsync(place, rewrite, time);
            if (StoreIdentity.Read(place.Identity) is not { } identity) return new([$"cannot scrub {place.Folder}: there is no store; name the agent's state directory with --prefix"], "");
            using var taken = File.Exists(place.Lock) ? new FileStream(place.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null;
            return Scrub(place, identity);
        }
        catch (Exception error) when (error is InvalidDataException or UnauthorizedAccessException)
        {
            return new([error.Message], "");
        }
        catch (IOException error)
        {
            return new([$"cannot scrub {place.Folder}: {error.Message.TrimEnd('.')}; see that no agent runs on it"], "");
        }
    }

    // The agent alone can read the home beside its own writing.
    private static async Task<StoreScrubbed> AskAsync(StorePlace place, bool rewrite, TimeProvider time)
    {
        using var client = StoreClient.Create(new([new Endpoint.Unix(place.Socket)], null, Patience), time, out var problem);
        if (client is null) return new([problem], "");
        var answer = await client.ScrubAsync(CancellationToken.None);
        if (!answer.IsThere) return new([answer.Failure.Sentence($"scrub {place.Folder}")], "");
        if (answer.Value is { Problems.Count: 0 } whole) return new([], Summary(whole.Home, new(whole.Records, whole.Bytes, []), whole.Index, whole.Revision));
        IReadOnlyList<string> problems = [.. answer.Value.Problems.Select(one => $"cannot trust {answer.Value.Home}: {one}")];
        if (!rewrite) return new([.. problems, "the agent serves from its memory, where all is whole: have it write its home anew before you stop it, with mgmt store scrub --rewrite"], "");
        if ((await client.RewriteHomeAsync(CancellationToken.None)).Failure is { } failure) return new([.. problems, failure.Sentence($"write {answer.Value.Home} anew")], "");
        return new([], $"{answer.Value.Home}: damaged ({answer.Value.Problems[0]}{(answer.Value.Problems.Count > 1 ? ", and more" : "")}), and written anew from the agent's memory");
    }

    private static StoreScrubbed Scrub(StorePlace place, StoreIdentity identity)
    {
        switch (StoreHome.Open(place.Home, new(identity.ClusterId, identity.MemberId)))
        {
            case HomeOpening.Opened opened:
                using (opened.Home)
                {
                    var report = opened.Home.Scrub();
                    return new(report.Problems, report.Problems.Count > 0 ? "" : Summary(place.Home, report, opened.View.Index, opened.View.Revision));
                }

            case HomeOpening.Missing:
                return new([$"cannot scrub {place.Home}: it is missing; the agent makes it again from its log or from a peer when it starts"], "");
            case HomeOpening.Foreign foreign:
                return new([foreign.Problem], "");
            case HomeOpening.Newer newer:
                return new([newer.Problem], "");
            case HomeOpening.Damaged damaged:
                return new([damaged.Problem], "");
            default:
                throw new InvalidOperationException("an opening that is not known");
        }
    }

    private static string Summary(string home, ScrubReport report, long index, long revision) =>
        $"{home}: {report.Documents} records of {report.Bytes} bytes are whole, up to index {index}, revision {revision}";

    private static bool IsServed(StorePlace place)
    {
        if (!File.Exists(place.Socket)) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(place.Socket));
            return true;
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // A killed agent leaves its socket behind.
            return false;
        }
    }
}

/// <summary>What was found.</summary>
/// <param name="Problems">Sentences; none when all is whole.</param>
/// <param name="Summary">What was read, when all is whole.</param>
public sealed record StoreScrubbed(IReadOnlyList<string> Problems, string Summary);
