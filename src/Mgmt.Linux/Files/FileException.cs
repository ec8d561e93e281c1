namespace Mgmt.Linux.Files;

/// <summary>A file call that failed. The message is a sentence that begins with "cannot", names the path, and ends with what to do.</summary>
public sealed class FileException : IOException
{
    /// <summary>Takes a whole sentence.</summary>
    public FileException(string message, int errno = 0)
        : base(message) => ErrorNumber = errno;

    /// <summary>Makes the sentence: "cannot ACTION: WORDS (NAME); ADVICE".</summary>
    internal static FileException Of(string action, int errno) => new($"cannot {action}: {Errno.Describe(errno)}", errno);

    /// <summary>The kernel's number, or 0.</summary>
    public int ErrorNumber { get; }
}
