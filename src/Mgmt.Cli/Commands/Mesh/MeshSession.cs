using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Cli.Mistakes;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>One command's work on the mesh. What goes wrong is told here; the answer is then the exit code.</summary>
internal sealed class MeshSession(Surroundings surroundings, StoreConnection store, MeshRequest request, StoreClient client, MeshReader reader)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks the store.</summary>
    public StoreClient Client => client;

    /// <summary>Reaches single members.</summary>
    public MemberLines Lines { get; } = new(request.Store.Address, surroundings.Time);

    /// <summary>Reads the mesh.</summary>
    /// <param name="action">What it is read for: <c>drain "a"</c>.</param>
    /// <param name="askMembers">Whether to ask each member how it is.</param>
    public async Task<(MeshFacts? Facts, int ExitCode)> ReadAsync(string action, bool askMembers = false)
    {
        var (facts, failure) = await reader.ReadAsync(askMembers, mayBeStale: false, CancellationToken.None);
        return failure is null ? (facts, ExitCode.InOrder) : (null, store.Fail(failure, action));
    }

    /// <summary>Finds the host that the command is about: the one whose agent runs before one that is gone.</summary>
    public bool TryFind(MeshFacts facts, string action, [NotNullWhen(true)] out MeshHost? host)
    {
        var all = MeshHost.AllOf(facts);
        host = all.Where(one => one.Host == request.Host).OrderBy(static one => one.Card is null).FirstOrDefault();
        if (host is not null) return true;
        var meant = Nearest.To(request.Host, all.Select(static one => one.Host).Where(static one => one.Length > 0));
        Refuse($"cannot {action}: the mesh knows no such host; {(meant is null ? "" : $"did you mean {meant}? ")}mgmt mesh members lists them");
        return false;
    }

    /// <summary>Changes the mesh's keys.</summary>
    public async Task<int> ChangeAsync(TxnRequest change, string action)
    {
        var answer = await client.TxnAsync(change, CancellationToken.None);
        return answer.IsThere ? ExitCode.InOrder : store.Fail(answer.Failure, action);
    }

    /// <summary>Says why it is not done.</summary>
    public int Refuse(string sentence)
    {
        surroundings.Complain(sentence + "\n");
        return ExitCode.CannotRun;
    }

    /// <summary>Says what went wrong.</summary>
    public int Fail(StoreFailure failure, string action) => store.Fail(failure, action);

    /// <summary>Says what was done.</summary>
    public int Tell(string line, Action<Utf8JsonWriter> fields)
    {
        surroundings.Answers.Write(request.Store.IsJson ? JsonView.Object(fields) : Encoding.UTF8.GetBytes(line + "\n"));
        return ExitCode.InOrder;
    }

    /// <summary>Waits, and says for what. While a voter goes or comes the store may not answer for a moment.</summary>
    /// <param name="rest">What is still to come; empty when all is there.</param>
    /// <param name="meanwhile">What holds when it takes too long.</param>
    public async Task<int> WaitAsync(Func<MeshFacts, string> rest, string meanwhile)
    {
        using var stop = new CancellationTokenSource();
        using var signals = surroundings.WhenStopped(stop.Cancel);
        var (began, told) = (surroundings.Time.GetTimestamp(), "");
        try
        {
            while (true)
            {
                var (facts, failure) = await reader.ReadAsync(askMembers: false, mayBeStale: false, stop.Token);
                var news = facts is null ? $"{failure!.Reason}" : rest(facts);
                if (news.Length == 0) return ExitCode.InOrder;
                if (news != told) surroundings.Complain($"waiting: {told = news}\n");
                if (surroundings.Time.GetElapsedTime(began) > request.Within) break;
                await Task.Delay(LookAgainAfter, surroundings.Time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            surroundings.Complain($"not waited for: {told}; {meanwhile}\n");
            return ExitCode.Unavailable;
        }

        surroundings.Complain($"cannot wait longer than {MeshFrame.Say(request.Within)}: {told}; {meanwhile}, or allow more time with --within\n");
        return ExitCode.Unavailable;
    }
}
