using System.Globalization;
using System.Text;
using Mgmt.Mesh.Masters;

namespace Mgmt.Mesh.Tests.Masters;

/// <summary>
/// A script of what happens to a mesh, played with the policy: each line is an event, and "run N" lets N seconds pass. What the policy does in them follows
/// below it, after "&gt;", with the second and the reason; then "=" and who votes, the leader with a star, and who learns.
/// </summary>
internal sealed class PolicyScript
{
    private readonly TableMesh _mesh = new();
    private readonly StringBuilder _text = new();

    public static string Play(string script)
    {
        var play = new PolicyScript();
        foreach (var line in script.Split('\n').Where(static one => !one.StartsWith('>') && !one.StartsWith('='))) play.Do(line);
        return play._text.ToString().TrimEnd('\n') + "\n";
    }

    private void Do(string line)
    {
        _text.Append(line).Append('\n');
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || line.StartsWith('#')) return;
        if (words is ["voter" or "volunteer", var name, ..]) _mesh.Add(name, words.Length > 2 ? words[2] : "", words[0] == "voter");
        else if (words is ["run", var seconds]) Run(int.Parse(seconds, CultureInfo.InvariantCulture));
        else if (words is ["ideal", var size]) _mesh.Ideal = int.Parse(size, CultureInfo.InvariantCulture);
        else foreach (var host in words.Skip(1).Select(one => _mesh.Hosts[one])) Happen(words[0], host);
    }

    private void Happen(string what, TableHost host)
    {
        switch (what)
        {
            case "leads": _mesh.Lead(host.Id); break;
            case "dies": (host.SilentSince, host.Volunteers) = (_mesh.Now, false); break;
            case "blinks": host.SilentSince = _mesh.Now; break;
            case "returns": (host.SilentSince, host.Volunteers, host.Revision) = (null, true, 1000 + _mesh.Seconds); break;
            case "withdraws": host.Volunteers = false; break;
            case "stops": host.IsStopping = true; break;
            case "drain": _mesh.Drained.Add(host.Id); break;
            case "undrain": _mesh.Drained.Remove(host.Id); break;
            case "promote": _mesh.Wishes[host.Id] = VoteWish.Promote; break;
            case "demote": _mesh.Wishes[host.Id] = VoteWish.Demote; break;
            case "unwish": _mesh.Wishes.Remove(host.Id); break;
            case "flickers": host.Losses = 3; break;
            case "never-starts": host.LearnsUpTo = null; break;
            case "slow": host.LearnsUpTo = 5000; break;
            case "quick": host.LearnsUpTo = 0; break;
            case "cannot-vote": host.CannotVote = true; break;
            case "can-vote": host.CannotVote = false; break;
            case "half-promoted": (host.Votes, host.Learns, host.Record) = (true, false, MemberRecord.Learner); break;
            case "half-removed": (host.Votes, host.Record) = (false, MemberRecord.Voter); break;
            default: throw new FormatException(what);
        }
    }

    private void Run(int seconds)
    {
        var (end, said) = (_mesh.Seconds + seconds, "");
        while (_mesh.Seconds < end)
        {
            var at = _mesh.Seconds;
            var decision = _mesh.Step();
            if (decision.Change is { } change)
                _text.Append(CultureInfo.InvariantCulture, $"> {at,4} {Word(change)} {_mesh.Hosts.Values.Single(one => one.Id == change.Member).Name}: {decision.Reason}\n");
            else if (decision.Reason != said && decision.Reason.Length > 0)
                _text.Append(CultureInfo.InvariantCulture, $"> {at,4} - {decision.Reason}\n");
            said = decision.Reason;
        }

        _text.Append(CultureInfo.InvariantCulture, $"= {string.Join(' ', _mesh.Voters.Select(one => one.Id == _mesh.Leader ? one.Name + "*" : one.Name))}");
        if (_mesh.Learners.Count > 0) _text.Append(CultureInfo.InvariantCulture, $" | {string.Join(' ', _mesh.Learners.Select(static one => one.Name))}");
        _text.Append('\n');
    }

    private static string Word(MastersChange change) => change switch
    {
        MastersChange.Nominate => "nominate",
        MastersChange.Promote => "promote",
        MastersChange.Remove => "remove",
        _ => "hand over to",
    };
}
