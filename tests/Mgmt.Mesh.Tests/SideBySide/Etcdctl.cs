using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>One command of etcdctl.</summary>
/// <param name="Arguments">As on a command line; double quotes keep spaces.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Until">It is ended when its output has what this pattern matches, to the end of the line; null when it ends by itself.
/// Each line is a write of its own, so it has to match into the last one that is wanted.</param>
internal sealed record Ctl(string Arguments, string Input = "", string? Until = null)
{
    public static implicit operator Ctl(string arguments) => new(arguments);
}

/// <summary>What a command said, and how it ended.</summary>
internal sealed record Told(string Output, string Errors, int Exit)
{
    public override string ToString() => $"exit {Exit}\n{Output}{(Errors.Length > 0 ? "stderr:\n" + Errors : "")}";
}

internal static partial class Etcdctl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command against a server.</summary>
    public static Task<Told> RunAsync(int port, Ctl command) => RunAsync($"127.0.0.1:{port}", command);

    /// <summary>Runs a command against an endpoint.</summary>
    public static async Task<Told> RunAsync(string endpoint, Ctl command)
    {
        using var process = Start(endpoint, command);
        var (output, found) = (new StringBuilder(), new TaskCompletionSource());
        using var limit = new CancellationTokenSource(Patience);
        var reading = ReadAsync(process.StandardOutput, output, command.Until, found, limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(command.Input);

            // An interactive watch ends at the end of its input.
            if (command.Until is null) process.StandardInput.Close();
            if (command.Until is not null && await Task.WhenAny(found.Task, process.WaitForExitAsync(limit.Token)) == found.Task) process.Kill();
            await process.WaitForExitAsync(limit.Token);
            await reading;
            return new(output.ToString(), Plain(await errors), command.Until is null ? process.ExitCode : 0);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new InvalidOperationException($"etcdctl {command.Arguments} did not end; it said:\n{output}");
        }
    }

    /// <summary>Starts a command that runs beside the test, which has to end it.</summary>
    public static Process Start(int port, Ctl command) => Start($"127.0.0.1:{port}", command);

    private static Process Start(string endpoint, Ctl command)
    {
        var start = new ProcessStartInfo("/usr/bin/etcdctl", ["--endpoints", endpoint, .. Words().Matches(command.Arguments).Select(static one => one.Value.Trim('"'))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["ETCDCTL_API"] = "3";
        return Process.Start(start)!;
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder output, string? until, TaskCompletionSource found, CancellationToken cancel)
    {
        var buffer = new char[4096];
        int length;
        while ((length = await reader.ReadAsync(buffer, cancel)) > 0)
        {
            output.Append(buffer, 0, length);
            if (until is not null && HasLine(output.ToString(), until)) found.TrySetResult();
        }
    }

    private static bool HasLine(string text, string until) => Regex.IsMatch(text, until + ".*\n");

    // Its log lines have times and addresses; what it says to people has not.
    private static string Plain(string errors) =>
        string.Concat(errors.Split('\n').Where(static one => one.Length > 0 && !one.StartsWith('{')).Select(static one => one + "\n"));

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
