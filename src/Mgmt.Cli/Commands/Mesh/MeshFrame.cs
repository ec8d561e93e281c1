using System.Globalization;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>The flags by which a command finds the mesh and waits for it, and the frame in which it works.</summary>
internal sealed class MeshFrame(Surroundings surroundings)
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(60);

    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Flag<TimeSpan> _within = CommonFlags.OfRequest<TimeSpan>("--within", "SECONDS", "how long to wait; 60 by default", Parse.Seconds);

    /// <summary>Whether to wait.</summary>
    public static Flag<bool> Wait(string summary) => CommonFlags.Mark("--wait", summary);

    /// <summary>The host that a command is about.</summary>
    public Operand Host { get; } = new("HOST", "the host's name, as mgmt mesh members shows it");

    /// <summary>Of a command that does not wait.</summary>
    public IReadOnlyList<Flag> Flags => _store.Flags;

    /// <summary>Of one that can.</summary>
    public IReadOnlyList<Flag> WaitingFlags => [_within, .. _store.Flags];

    /// <summary>Reads the flags; where something is wrong <paramref name="given"/> has a mistake, and the answer is of no use.</summary>
    public MeshRequest Read(Given given, Operand? host = null)
    {
        var name = host is not null && given.TryGet(host, Parse.Hostname, out string read) ? read : "";
        return new(_store.Read(given), name, given.Get(_within, UsualPatience));
    }

    /// <summary>Works on the mesh, with lines that are closed afterwards.</summary>
    public Task<int> RunAsync(MeshRequest request, Func<MeshSession, Task<int>> work) => _store.RunAsync(
        request.Store, client => work(new(surroundings, _store, request, client, new(client, new(request.Store.Address, surroundings.Time)))));

    /// <summary>A time as sentences have it.</summary>
    public static string Say(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}

/// <summary>What was asked of a command of the mesh.</summary>
/// <param name="Store">Where to ask.</param>
/// <param name="Host">The host that it is about; empty for none.</param>
/// <param name="Within">How long to wait.</param>
internal sealed record MeshRequest(StoreRequest Store, string Host, TimeSpan Within);
