namespace Mgmt.Store.Tests;

/// <summary>
/// Bytes that must not change, as hexadecimal text. A new format gets new files beside the old ones; MGMT_WRITE_GOLDEN=1 writes those that are missing.
/// </summary>
internal static class GoldenFile
{
    private static readonly string Sources = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../golden"));

    public static byte[] Read(string name) => Convert.FromHexString(File.ReadAllText(Path.Combine(Sources, name)).ReplaceLineEndings(""));

    public static void Check(string name, byte[] bytes)
    {
        var path = Path.Combine(Sources, name);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("MGMT_WRITE_GOLDEN") == "1") File.WriteAllText(path, Lines(bytes));
        Assert.Equal(Lines(Read(name)), Lines(bytes));
    }

    private static string Lines(byte[] bytes) => string.Concat(bytes.Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));
}
