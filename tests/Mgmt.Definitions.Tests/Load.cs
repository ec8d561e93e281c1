using System.Text;

namespace Mgmt.Definitions.Tests;

/// <summary>Short ways to load text in tests.</summary>
internal static class Load
{
    public static LoadResult Text(string text) => new GraphLoader(TestKinds.All).Load([GraphSource.FromText("g.yaml", text)]);

    public static LoadResult Texts(params string[] texts) =>
        new GraphLoader(TestKinds.All).Load([.. texts.Select((text, i) => GraphSource.FromText($"{(char)('a' + i)}.yaml", text))]);

    public static LoadResult Bytes(params byte[] bytes) => new GraphLoader(TestKinds.All).Load([new GraphSource("g.yaml", bytes)]);

    public static Mgmt.Engine.Definition Good(string text)
    {
        var result = Text(text);
        Assert.True(result.Definition is not null, DiagnosticWriter.ToText(result));
        Assert.Empty(result.Diagnostics);
        return result.Definition;
    }

    /// <summary>A piece of text many times.</summary>
    public static string Times(this string piece, int count) => new StringBuilder(piece.Length * count).Insert(0, piece, count).ToString();
}
