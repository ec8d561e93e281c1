namespace Mgmt.Cli.Tests.Stores;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("mgmt-cli-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
