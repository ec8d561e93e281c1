namespace Mgmt.Agent.Tests.Exchange;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mgmt-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
