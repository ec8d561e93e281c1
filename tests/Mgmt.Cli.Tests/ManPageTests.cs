using System.Diagnostics;

namespace Mgmt.Cli.Tests;

public sealed class ManPageTests
{
    [Fact]
    public async Task Every_command_and_flag_is_in_it()
    {
        var page = (await PageAsync()).Replace("\\-", "-", StringComparison.Ordinal);
        var help = new TestSurroundings();
        foreach (var command in (string[])["run", "status", "graph", "kv get", "mesh token", "store snapshot save", "completion"])
        {
            Assert.Contains($".SS \"mgmt {command}", page, StringComparison.Ordinal);
            Assert.Equal(0, await help.RunAsync([.. command.Split(' '), "--help"]));
        }

        var flags = System.Text.RegularExpressions.Regex.Matches(help.Output, "^  (?:-., )?(--[a-z-]+)", System.Text.RegularExpressions.RegexOptions.Multiline).Select(static one => one.Groups[1].Value).ToHashSet();
        Assert.True(flags.Count > 30, string.Join(' ', flags));
        Assert.All(flags, flag => Assert.Matches($"\\n\\.TP\\n\\\\fB(-., )?{flag}[ \\\\]", page));
        Assert.DoesNotContain("mgmt man", page[(page.IndexOf('\n', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_in_no_list_of_commands()
    {
        var mgmt = new TestSurroundings();
        await mgmt.RunAsync("--help");
        Assert.DoesNotContain("\n  man ", mgmt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groff_has_nothing_to_complain_of()
    {
        if (!File.Exists("/usr/bin/groff")) return; // Debian's base has it
        using var process = Process.Start(new ProcessStartInfo("groff", ["-man", "-Tutf8", "-ww", "-rLL=80n"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(await PageAsync());
        process.StandardInput.Close();
        Assert.Equal("", await error);
        Assert.Contains("mgmt - keep hosts as a graph of resources describes them", await output, StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal((0, ""), (await mgmt.RunAsync("man"), mgmt.Error));
        return mgmt.Output;
    }
}
