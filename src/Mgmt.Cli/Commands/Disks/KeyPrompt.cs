using System.Diagnostics.CodeAnalysis;
using Mgmt.Agent;
using Mgmt.Linux.Memory;
using Mgmt.Linux.Terminals;
using Mgmt.Resources.Luks;

namespace Mgmt.Cli.Commands.Disks;

/// <summary>Takes a passphrase from a terminal, without showing it, or from a pipe.</summary>
internal sealed class KeyPrompt(Surroundings surroundings)
{
    private const byte Interrupt = 3, EndOfInput = 4, Backspace = 8, LineFeed = 10, Return = 13, Quit = 28, Clear = 21, Delete = 127;

    /// <summary>Takes one, which belongs to the caller.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="isTyped">Whether somebody typed it, and may type another.</param>
    /// <param name="problem">Why there is none.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns it.")]
    public LockedBytes? Read(string name, out bool isTyped, out string problem)
    {
        var key = new LockedBytes(LuksDesk.LongestKey);
        problem = "";
        try
        {
            // Whoever ends the program gets the terminal back as it was. Before it is silenced: the runtime keeps how it found it then, for the end.
            SilentTerminal? terminal = null;
            using var signals = surroundings.WhenStopped(() =>
            {
                Volatile.Read(ref terminal)?.Dispose();
                Environment.Exit(ExitCode.CannotRun);
            });
            using var silence = surroundings.SilenceInput();
            Volatile.Write(ref terminal, silence);
            isTyped = silence is not null;
            if (silence is null) problem = Take(key);
            else
            {
                surroundings.Complain($"Passphrase for {name}: ");
                problem = Type(silence, key);
                surroundings.Complain("\n");
            }

            if (problem.Length == 0 && key.Length == 0) problem = "cannot use an empty passphrase; nothing was tried";
            if (problem.Length == 0) return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }

        key.Dispose();
        return null;
    }

    private string Take(LockedBytes key)
    {
        while (key.ReadFrom(surroundings.Input) > 0)
        {
        }

        if (key.Length == key.Capacity) return TooLong(key);
        if (key.Length > 0 && key.Bytes[^1] == LineFeed) key.Cut(key.Length - 1);
        return "";
    }

    private static string Type(SilentTerminal terminal, LockedBytes key)
    {
        while (terminal.TryRead(key))
        {
            switch (key.Bytes[^1])
            {
                case LineFeed or Return:
                    key.Cut(key.Length - 1);
                    return "";
                case Interrupt or EndOfInput or Quit:
                    return "no passphrase was given";
                case Clear:
                    key.Cut(0);
                    break;
                case Backspace or Delete:
                    key.Cut(key.Length - 1);
                    CutLast(key);
                    break;
            }
        }

        return key.Length == key.Capacity ? TooLong(key) : "no passphrase was given";
    }

    // A character of UTF-8 is its first byte with all that continue it.
    private static void CutLast(LockedBytes key)
    {
        var length = key.Length;
        while (length > 0 && (key.Bytes[length - 1] & 0xc0) == 0x80) length--;
        key.Cut(Math.Max(0, length - 1));
    }

    private static string TooLong(LockedBytes key) => $"cannot use a passphrase of {key.Capacity} bytes or more";
}
