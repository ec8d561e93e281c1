namespace Mgmt.Robustness.Voters;

/// <summary>The program: MGMT_BINARY, or what the build made.</summary>
internal sealed class MgmtSubject : Subject
{
    public override string Name => "mgmt";

    public override string Obstacle => File.Exists(Program) ? "" : $"{Program} is not there: build src/Mgmt.Cli, or name it in MGMT_BINARY";

    /// <summary>Where the program is.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("MGMT_BINARY") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Mgmt.Cli/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/mgmt"));

    public override IReadOnlyList<string> Command(Voter voter, IReadOnlyList<Voter> all, bool joins) =>
    [
        Program, "run", "--prefix", voter.Data, "--hostname", voter.Name, "--listen", $"{voter.Host}:{Voter.ClientPort}", "--raft-listen", $"{voter.Host}:{Voter.PeerPort}", "--advertise", voter.Host, "--insecure",
        .. all.Count > 1 ? ["--peers", string.Join(',', all.Select(static one => $"{one.Host}:{Voter.ClientPort}"))] : Array.Empty<string>(),
    ];
}
