using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Pkg;

/// <summary>What one transaction brought.</summary>
/// <param name="Packages">The packages that it named, in its order.</param>
/// <param name="Files">The files that it named for packages.</param>
internal sealed record PackageAnswer(IReadOnlyList<PackageLine> Packages, IReadOnlyDictionary<string, IReadOnlyList<string>> Files);

/// <summary>Collects the signals of one transaction until it has finished. Called from the bus's thread.</summary>
internal sealed class PackageTransaction : IBusListener
{
    // A backend that goes mad must not fill the memory: the largest index has some 100,000 packages.
    private const int MostPackages = 500_000, MostFiles = 5_000_000;
    private const uint Success = 1;

    private readonly TaskCompletionSource<PackageAnswer> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PackageLine> _packages = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _files = new(StringComparer.Ordinal);
    private int _fileCount;
    private PackageError _error = PackageError.None;
    private string _details = "";

    /// <summary>The answer; a <see cref="PackageKitException"/> when the transaction failed, a <see cref="BusException"/> when its end cannot be heard any more.</summary>
    internal Task<PackageAnswer> End => _end.Task;

    public void Heard(BusSignal signal)
    {
        var body = signal.Body;
        switch (signal.Member)
        {
            case "Packages":
                foreach (var line in body.List(0).OfType<IReadOnlyList<object>>()) Take(new BusBody(line));
                break;
            case "Package":
                Take(body);
                break;
            case "Files" when (_fileCount += body.List(1).Count) <= MostFiles:
                _files[body.Text(0)] = [.. body.List(1).OfType<string>()];
                break;
            case "ErrorCode" when _error == PackageError.None:
                (_error, _details) = (body.Count > 0 && body[0] is uint code ? (PackageError)code : PackageError.Unknown, body.Text(1));
                break;
            case "Finished":
                Finish(body.Count > 0 && body[0] is uint exit ? exit : 0);
                break;
            case "Destroy":
                // After "Finished" it says nothing new.
                Away(new BusException("PackageKit gave the transaction up", "org.freedesktop.DBus.Error.NoReply"));
                break;
            default:
                break;
        }
    }

    public void Lost(string error) => Away(new BusException(error));

    public void Back()
    {
        // Its end may have come meanwhile, and was told to nobody.
    }

    /// <summary>PackageKit itself is not there any more.</summary>
    internal void Away(BusException error) => _end.TrySetException(error);

    private void Take(BusBody line)
    {
        if (_packages.Count >= MostPackages || line.Count < 2 || line[0] is not uint info || PackageId.Parse(line.Text(1)) is not { } id) return;
        _packages.Add(PackageLine.From(info, id));
    }

    private void Finish(uint exit)
    {
        if (exit == Success && _error == PackageError.None) _end.TrySetResult(new PackageAnswer(_packages, _files));
        else _end.TrySetException(new PackageKitException(_error == PackageError.None ? PackageError.Unknown : _error, _details.Length > 0 ? _details : $"PackageKit's transaction ended with {exit}"));
    }
}
