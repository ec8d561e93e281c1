using System.Runtime.CompilerServices;

namespace Mgmt.Definitions.Tests;

/// <summary>
/// Every <c>cases/NAME.yaml</c> has beside it <c>NAME.txt</c>, the whole text of its mistakes, so that a change of behaviour is reviewed as a text
/// diff. With UPDATE_CASES=1 in the environment the texts are written anew; read the diff before committing it. Files named <c>NAME.1.yaml</c>,
/// <c>NAME.2.yaml</c> are loaded together.
/// </summary>
public class CaseTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "cases");

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.yaml").Select(NameOf).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_mistakes_are_told_as_expected(string name)
    {
        var sources = Directory.GetFiles(Folder, "*.yaml").Where(path => NameOf(path) == name).Order(StringComparer.Ordinal)
            .Select(path => new GraphSource(Path.GetFileName(path), File.ReadAllBytes(path))).ToArray();
        var result = new GraphLoader(TestKinds.All).Load(sources);
        var text = DiagnosticWriter.ToText(result);
        var expected = Path.Combine(Folder, $"{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1") File.WriteAllText(expected, text);
        Assert.Equal(File.ReadAllText(expected), text);
        Assert.Null(result.Definition);
        Assert.All(result.Diagnostics, one => Assert.StartsWith("cannot ", one.Message, StringComparison.Ordinal));
    }

    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    private static string Here([CallerFilePath] string path = "") => path;
}
