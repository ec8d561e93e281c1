using System.Diagnostics;

namespace Mgmt.Bench;

/// <summary>The throw-away host of the tests, with a real systemd, PackageKit and a package repository of its own. Root only.</summary>
internal sealed class BenchHost : IDisposable
{
    private static readonly string Scripts = Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("MGMT_SOURCE") ?? ".", "tests/fixture"));

    private readonly string _folder;
    private readonly string _init;

    public BenchHost(Place place)
    {
        _folder = place["host"];
        Here($"{Scripts}/host-up {_folder}");
        _init = File.ReadAllText($"{_folder}/init").Trim();
        Directory.CreateDirectory($"{Root}/opt/mgmt");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Place.Mgmt)!)) File.Copy(file, $"{Root}/opt/mgmt/{Path.GetFileName(file)}");
    }

    /// <summary>The program, as the host sees it.</summary>
    public static string Mgmt => $"/opt/mgmt/{Path.GetFileName(Place.Mgmt)}";

    private string Root => $"/proc/{_init}/root";

    /// <summary>A command that runs in the host; it has no single quote in it.</summary>
    public string Inside(string command) => $"nsenter -t {_init} -m -p -C -i -u -r -w env -u DBUS_SYSTEM_BUS_ADDRESS /bin/sh -c 'exec {command}'";

    public void Write(string path, string text) => File.WriteAllText(Root + path, text);

    /// <summary>What a shell command in the host prints.</summary>
    public string Ask(string command) => Here(Inside($"/bin/sh -c \"{command}\""));

    public void Dispose() => Here($"{Scripts}/host-down {_folder}");

    private static string Here(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"cannot measure: {command} exited with {process.ExitCode}");
    }
}
