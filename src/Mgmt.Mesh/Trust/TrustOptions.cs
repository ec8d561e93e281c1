namespace Mgmt.Mesh.Trust;

/// <summary>How long certificates live, and what those who have none may ask for.</summary>
public sealed record TrustOptions
{
    /// <summary>The life of a host's certificate; it is renewed after two thirds of it.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The life of a certificate of an operator. Nobody renews it but an operator.</summary>
    public TimeSpan OperatorLife { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How many may be asking for a certificate at once.</summary>
    public int EnrollAtOnce { get; init; } = 8;

    /// <summary>How many may ask in ten seconds.</summary>
    public int EnrollInTenSeconds { get; init; } = 200;
}
