namespace Mgmt.Engine.Tests.Running;

/// <summary>
/// The core's behaviour as text: each file under transcripts holds events and the whole expected answer. With MGMT_ACCEPT set to the directory of the sources,
/// the files are written anew, and the change is reviewed as a diff.
/// </summary>
public sealed class TranscriptTests
{
    private static readonly string Here = Path.Combine(AppContext.BaseDirectory, "Running", "transcripts");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Here, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheCoreAnswersAsWritten(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Here, name));
        var actual = Transcript.Play(expected);
        if (Environment.GetEnvironmentVariable("MGMT_ACCEPT") is { Length: > 0 } sources) File.WriteAllText(Path.Combine(sources, name), actual);
        else Assert.Equal(expected, actual);
    }
}
