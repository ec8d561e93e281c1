namespace Mgmt.Mesh.Tests.Masters;

/// <summary>
/// The masters policy as text: each file under scripts holds what happens and what the policy does about it. With MGMT_ACCEPT set to the directory of the
/// sources, the files are written anew, and the change is reviewed as a diff.
/// </summary>
public sealed class PolicyScriptTests
{
    private static readonly string Here = Path.Combine(AppContext.BaseDirectory, "Masters", "scripts");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Here, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_policy_decides_as_written(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Here, name));
        var actual = PolicyScript.Play(expected);
        if (Environment.GetEnvironmentVariable("MGMT_ACCEPT") is { Length: > 0 } sources) File.WriteAllText(Path.Combine(sources, name), actual);
        else Assert.Equal(expected, actual);
    }
}
