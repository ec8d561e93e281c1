using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Mistakes;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Disks;

/// <summary>The flags by which a command finds the host with an encrypted disk, and the frame in which it works.</summary>
internal sealed class DiskFrame(Surroundings surroundings)
{
    private const int LongestName = 127;

    // It may have to unmount much, or to wait for its turn; and to make a key of a passphrase is slow on purpose.
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Flag<string> _host = CommonFlags.OfRequest<string>("--host", "HOST", "another host of the mesh, as mgmt mesh members shows it; it is asked itself", Parse.Hostname);

    /// <summary>The disk.</summary>
    public Operand Disk { get; } = new("NAME", "the luks resource's name in the graph");

    /// <summary>In the order of help.</summary>
    public IReadOnlyList<Flag> Flags => [_host, .. _store.Flags];

    /// <summary>Reads them; where something is wrong <paramref name="given"/> has a mistake, and the answer is of no use.</summary>
    public DiskRequest Read(Given given)
    {
        var name = given.TryGet(Disk, ReadName, out string read) ? read : "";
        return new(_store.Read(given), name, given.Get(_host, ""));
    }

    /// <summary>Works with the agent of the host that is meant.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="action">What is to be done: <c>unlock "data"</c>.</param>
    /// <param name="work">Asks that agent.</param>
    public Task<int> RunAsync(DiskRequest request, string action, Func<StoreClient, Task<int>> work) => _store.RunAsync(request.Store, async client =>
    {
        if (request.Host.Length == 0) return await work(client);
        var self = await client.DescribeAsync(new(), CancellationToken.None);
        if (self.Failure is { Kind: FailureKind.Unreachable } failure) return Fail(failure, action);
        if (self.Value?.Host == request.Host) return await work(client);
        return await RunThereAsync(request, client, action, work);
    });

    /// <summary>Says what was answered, and answers the exit code.</summary>
    public int Tell(DiskRequest request, string action, KeyResponse answer)
    {
        if (answer.Outcome is not (KeyOutcome.Done or KeyOutcome.Already)) return Refuse(answer.Message.StartsWith("cannot", StringComparison.Ordinal) ? answer.Message : $"cannot {action}: {answer.Message}");
        surroundings.Answers.Write(request.Store.IsJson
            ? JsonView.Object(json =>
            {
                json.WriteString("disk", request.Name);
                json.WriteBoolean("changed", answer.Outcome == KeyOutcome.Done);
            })
            : Encoding.UTF8.GetBytes(answer.Message + "\n"));
        return ExitCode.InOrder;
    }

    /// <summary>Says what went wrong on the way, and answers the exit code.</summary>
    public int Fail(StoreFailure failure, string action) => failure.Reason.Contains("permission denied", StringComparison.Ordinal)
        ? Refuse($"cannot {action}: that host takes it from operators only; run it there, or name an operator's certificate with --cacert, --cert and --key")
        : _store.Fail(failure, action);

    /// <summary>Says why it is not done.</summary>
    public int Refuse(string sentence)
    {
        surroundings.Complain(sentence + "\n");
        return ExitCode.CannotRun;
    }

    // No host between reads what is said: the other agent is asked at its own address, and shows that host's certificate before it hears anything.
    private async Task<int> RunThereAsync(DiskRequest request, StoreClient client, string action, Func<StoreClient, Task<int>> work)
    {
        var lines = new MemberLines(request.Store.Address, surroundings.Time);
        var (facts, failure) = await new MeshReader(client, lines).ReadAsync(askMembers: false, mayBeStale: true, CancellationToken.None);
        if (facts is null) return Fail(failure!, action);
        if (facts.Cards.GetValueOrDefault(request.Host) is not { } card)
        {
            var meant = Nearest.To(request.Host, facts.Cards.Keys);
            return Refuse($"cannot {action}: no agent of the mesh runs on \"{request.Host}\"; {(meant is null ? "" : $"did you mean {meant}? ")}mgmt mesh members lists them");
        }

        var isSecure = !facts.Members.Any(static one => one.ClientURLs.Any(static url => url.StartsWith("http://", StringComparison.Ordinal)));
        using var line = lines.OpenHost(request.Host, card.Api, isSecure);
        return line is null
            ? Refuse($"cannot {action}: this user has no certificate to ask {request.Host} with; run it there, or name an operator's with --endpoints, --cacert, --cert and --key")
            : await work(line);
    }

    private static string? ReadName(string text, out string value)
    {
        value = text;
        return text.Length is 0 or > LongestName || text.Any(char.IsControl) ? "it is no name of a luks resource" : null;
    }
}

/// <summary>What was asked of a command about a disk.</summary>
/// <param name="Store">Where to ask.</param>
/// <param name="Name">The disk.</param>
/// <param name="Host">The host; empty for the one whose agent is asked.</param>
internal sealed record DiskRequest(StoreRequest Store, string Name, string Host);
