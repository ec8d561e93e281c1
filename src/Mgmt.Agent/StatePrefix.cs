namespace Mgmt.Agent;

/// <summary>The directory of the agent's state, readable by its user alone.</summary>
internal sealed class StatePrefix : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly bool _isTemporary;

    private StatePrefix(string path, bool isTemporary)
    {
        Path = path;
        _isTemporary = isTemporary;
    }

    public string Path { get; }

    /// <summary>Opens the directory that the options name, making it when it is missing.</summary>
    /// <exception cref="AgentException">It cannot be made.</exception>
    public static StatePrefix Open(AgentOptions options)
    {
        try
        {
            if (options.TmpPrefix) return new StatePrefix(Directory.CreateTempSubdirectory("mgmt-").FullName, isTemporary: true);
            var path = System.IO.Path.GetFullPath(options.Prefix);
            Directory.CreateDirectory(path, Private);
            return new StatePrefix(path, isTemporary: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AgentException($"cannot make the state directory {options.Prefix}: {error.Message}; name another with --prefix, or use --tmp-prefix", error);
        }
    }

    public void Dispose()
    {
        if (_isTemporary) Directory.Delete(Path, recursive: true);
    }
}
