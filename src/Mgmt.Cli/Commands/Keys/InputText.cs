namespace Mgmt.Cli.Commands.Keys;

/// <summary>Reads standard input, up to a bound.</summary>
internal static class InputText
{
    /// <summary>All of it, or the end of a sentence that says why not.</summary>
    public static async Task<(byte[] Bytes, string Problem)> ReadAsync(Stream input, int most)
    {
        try
        {
            using var taken = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await input.ReadAsync(buffer) is > 0 and var count)
            {
                taken.Write(buffer.AsSpan(0, count));
                if (taken.Length > most) return ([], $"standard input has more than {most} bytes, the most that a request may have; give less");
            }

            return (taken.ToArray(), "");
        }
        catch (IOException error)
        {
            return ([], $"standard input cannot be read: {error.Message.TrimEnd('.')}; give it a file or a pipe");
        }
    }
}
