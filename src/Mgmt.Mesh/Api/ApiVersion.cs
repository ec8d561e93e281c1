namespace Mgmt.Mesh.Api;

/// <summary>The version of etcd whose API this is. Its clients choose by it what they may ask for.</summary>
internal static class ApiVersion
{
    public const string Server = "3.4.23";
    public const string Cluster = "3.4.0";
}
