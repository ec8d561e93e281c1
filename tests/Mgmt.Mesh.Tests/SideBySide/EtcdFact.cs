namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>A test that compares with the real etcd.</summary>
internal sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute() => Skip = EtcdServer.Missing;
}

/// <summary>Such a test with cases.</summary>
internal sealed class EtcdTheoryAttribute : TheoryAttribute
{
    public EtcdTheoryAttribute() => Skip = EtcdServer.Missing;
}
