using System.Net.Sockets;
using Mgmt.Mesh.Place;
using Mgmt.Store.Home;

namespace Mgmt.Agent.Snapshots;

/// <summary>Checks the store of an agent that does not run.</summary>
public static class StoreScrubbing
{
    /// <summary>Reads every record of the store below a prefix. Nothing is repaired.</summary>
    public static StoreScrubbed Scrub(string prefix)
    {
        var place = new StorePlace(prefix);
        try
        {
            if (IsServed(place)) return new([$"cannot scrub {place.Folder}: an agent runs on it; stop it first"], "");
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

    private static StoreScrubbed Scrub(StorePlace place, StoreIdentity identity)
    {
        switch (StoreHome.Open(place.Home, new(identity.ClusterId, identity.MemberId)))
        {
            case HomeOpening.Opened opened:
                using (opened.Home)
                {
                    var report = opened.Home.Scrub();
                    return new(report.Problems, report.Problems.Count > 0 ? "" : $"{place.Home}: {report.Documents} records of {report.Bytes} bytes are whole, up to index {opened.View.Index}, revision {opened.View.Revision}");
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
