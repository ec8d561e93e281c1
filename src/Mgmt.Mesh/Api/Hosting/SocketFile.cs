using System.Net.Sockets;
using Mgmt.Linux.Files;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// The file of a unix socket: what a dead server left is removed, and a living one is left alone. A lock beside it keeps two that start at once from
/// removing each other's; it is held until the socket listens.
/// </summary>
internal sealed class SocketFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private SocketFile(FileStream @lock) => _lock = @lock;

    /// <summary>Makes room for a socket.</summary>
    /// <param name="path">The socket's path, absolute.</param>
    /// <param name="problem">Why there is no room, beginning with "cannot"; empty when there is.</param>
    /// <returns>To be disposed of when the socket listens; null when there is no room.</returns>
    public static SocketFile? TryClear(string path, out string problem)
    {
        problem = "";
        try
        {
            _ = new UnixDomainSocketEndPoint(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = new SocketFile(new(path + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly }));
            problem = Clear(path);
            if (problem.Length == 0) return file;
            file.Dispose();
        }
        catch (ArgumentOutOfRangeException)
        {
            problem = $"cannot listen on {path}: the path of a unix socket is at most 107 bytes; choose a shorter one";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FileException)
        {
            problem = $"cannot listen on {path}: {failure.Message}";
        }

        return null;
    }

    /// <summary>A socket that only the owner can connect to: its mode is set before it listens.</summary>
    public static Socket Bind(UnixDomainSocketEndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            File.SetUnixFileMode(endpoint.ToString()!, OwnerOnly);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Clear(string path)
    {
        if (FileStatus.Look(new FileName(path)) is not { } status) return "";
        if (status.Type != FileType.Socket) return $"cannot listen on {path}: {status.TypeWords} is there; remove it";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return $"cannot listen on {path}: another server answers there; stop it first";
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return "";
        }
        catch (SocketException failure)
        {
            return $"cannot listen on {path}: whether another server answers there is not known: {failure.Message}";
        }
    }
}
