using System.Diagnostics;

namespace Mgmt.Cli.Tests.Shells;

/// <summary>The scripts, run by the shells that they are for.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("mgmt ru", "run")]
    [InlineData("mgmt ", "--help --version completion graph kinds kv lock member mesh run schema status store unlock")]
    [InlineData("mgmt kv g", "get")]
    [InlineData("mgmt store snapshot ", "--help inspect restore save")]
    [InlineData("mgmt run --log-f", "--log-format")]
    [InlineData("mgmt run --log-format ", "journal json text")]
    [InlineData("mgmt run --log-format=js", "json")]
    [InlineData("mgmt run --hostname ", "")]
    [InlineData("mgmt run --hostname run --no-c", "--no-color")]
    [InlineData("mgmt run --file /etc/hostn", "/etc/hostname")]
    [InlineData("mgmt run --prefix /et", "/etc")]
    [InlineData("mgmt store snapshot inspect /etc/hostn", "/etc/hostname")]
    [InlineData("mgmt completion ", "--help bash fish zsh")]
    [InlineData("mgmt m", "member mesh")]
    public async Task Bash_completes(string typed, string words) => Assert.Equal(words, await BashAsync(typed));

    [ShellTheory("zsh")]
    [InlineData("mgmt ", "run:make this host match a graph of resources, and keep it so")]
    [InlineData("mgmt kv ", "get:")]
    [InlineData("mgmt run --log-format ", "journal")]
    [InlineData("mgmt run --file ", "files")]
    [InlineData("mgmt run --prefix ", "files -/")]
    [InlineData("mgmt run --x", "--no-color:")]
    [InlineData("mgmt store snapshot inspect ", "files")]
    public async Task Zsh_completes(string typed, string line)
    {
        // What zsh offers by these functions of its own is seen here, without a terminal.
        var words = string.Join(' ', typed.Split(' ').Select(static word => $"'{word}'"));
        var output = await RunAsync("zsh", $"compdef() {{ }}; _files() {{ print -r -- files $@ }}; _describe() {{ local name=${{@[-1]}}; print -rl -- ${{(P)name}} }}\n{await ScriptAsync("zsh")}\nwords=({words}); CURRENT=$#words; _mgmt");
        Assert.Contains(output.Split('\n'), one => one.TrimEnd().StartsWith(line, StringComparison.Ordinal));
    }

    [ShellTheory("fish")]
    [InlineData("mgmt ru", "run\tmake this host match a graph of resources, and keep it so")]
    [InlineData("mgmt kv g", "get\t")]
    [InlineData("mgmt store snapshot sa", "save\t")]
    [InlineData("mgmt run --log-format js", "json")]
    [InlineData("mgmt run --no-c", "--no-color\t")]
    [InlineData("mgmt run --file /etc/hostn", "/etc/hostname")]
    [InlineData("mgmt completion b", "bash")]
    public async Task Fish_completes(string typed, string line)
    {
        var output = await RunAsync("fish", $"{await ScriptAsync("fish")}\ncomplete -C '{typed}'");
        Assert.StartsWith(line, output, StringComparison.Ordinal);
    }

    [ShellTheory("fish")]
    [InlineData("mgmt run --help")]
    [InlineData("mgmt --vers")]
    public async Task Fish_reads_all_of_it_without_a_complaint(string typed) => Assert.NotEmpty(await RunAsync("fish", $"{await ScriptAsync("fish")}\ncomplete -C '{typed}'"));

    [Theory]
    [InlineData("tcsh", "cannot use SHELL \"tcsh\": it is none of bash, zsh, fish\n")]
    [InlineData(null, "cannot run mgmt completion without SHELL: bash, zsh or fish\n")]
    public async Task Another_shell_is_refused(string? shell, string mistake)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync(shell is null ? ["completion"] : ["completion", shell]));
        Assert.StartsWith(mistake, mgmt.Error, StringComparison.Ordinal);
    }

    private static async Task<string> BashAsync(string typed)
    {
        // As readline does it: "=" is a word of its own.
        var words = typed.Replace("=", " = ", StringComparison.Ordinal).Split(' ');
        var output = await RunAsync("bash", $"{await ScriptAsync("bash")}\nCOMP_WORDS=({string.Join(' ', words.Select(static word => $"'{word}'"))}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _mgmt; printf '%s\\n' \"${{COMPREPLY[@]}}\"");
        return string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal((0, ""), (await mgmt.RunAsync("completion", shell), mgmt.Error));
        return mgmt.Output;
    }

    private static async Task<string> RunAsync(string shell, string script)
    {
        var folder = Directory.CreateTempSubdirectory("mgmt-shell-");
        try
        {
            var file = Path.Combine(folder.FullName, "script");
            await File.WriteAllTextAsync(file, script);
            using var process = Process.Start(new ProcessStartInfo(shell, [file]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["HOME"] = folder.FullName } })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await process.WaitForExitAsync(late.Token);
            Assert.Equal("", await error);
            return await output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>A theory that needs a shell.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellTheoryAttribute(string shell) : TheoryAttribute
{
    public string Shell => shell;

    public override string? Skip
    {
        get => File.Exists($"/usr/bin/{shell}") ? base.Skip : $"{shell} is not there: install it";
        set => base.Skip = value;
    }
}
