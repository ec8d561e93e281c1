using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Trust;

/// <summary>Who a certificate is for, and what it lets its holder do: its subject's CN and OU.</summary>
public static class RoleWords
{
    private const string CommonName = "2.5.4.3", OrganizationalUnit = "2.5.4.11";

    /// <summary>The roles that a certificate can have.</summary>
    public static IReadOnlyList<string> All { get; } = ["agent", "voter", "operator"];

    /// <summary>A role's word.</summary>
    public static string Of(Role role) => role switch { Role.Agent => "agent", Role.Voter => "voter", Role.Operator => "operator", _ => "none" };

    /// <summary>A word's role; none for any other word.</summary>
    public static Role Read(string? word) => word switch { "agent" => Role.Agent, "voter" => Role.Voter, "operator" => Role.Operator, _ => Role.None };

    /// <summary>What a certificate lets its holder do.</summary>
    public static Role RoleOf(X509Certificate2 certificate) => Read(Find(certificate, OrganizationalUnit));

    /// <summary>The host that a certificate is for; empty when it says none.</summary>
    public static string HostOf(X509Certificate2 certificate) => Find(certificate, CommonName) ?? "";

    /// <summary>A certificate's number as it stands in the store: in hexadecimal.</summary>
    public static string SerialOf(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.SerialNumberBytes.Span);

    private static string? Find(X509Certificate2 certificate, string wanted)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == wanted) return part.GetSingleElementValue();
        }

        return null;
    }
}
