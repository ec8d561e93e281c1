namespace Mgmt.Tools.Tests.Tpush;

/// <summary>A bare repository and two clones of it: one in which tpush is called, and one of somebody else. Real git, with no configuration but its own.</summary>
internal sealed class GitPlace : IDisposable
{
    public const string Address = "git@github.com:acme/app.git";

    private readonly string _root = Directory.CreateTempSubdirectory("mgmt-tpush-").FullName;

    public GitPlace()
    {
        Directory.CreateDirectory(this["bin"]);
        Directory.CreateDirectory(this["tmp"]);
        Write("gitconfig", "[user]\nname = Ann\nemail = ann@example.org\n[init]\ndefaultBranch = main\n[advice]\ndetachedHead = false\n");
        Environment = new()
        {
            ["PATH"] = $"{this["bin"]}:{Command.Tools}:{System.Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = _root,
            ["TMPDIR"] = this["tmp"],
            ["GIT_CONFIG_GLOBAL"] = this["gitconfig"],
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["LC_ALL"] = "C.UTF-8",
            ["TERM"] = "xterm",
            ["GH_TOKEN"] = null,
            ["GITHUB_TOKEN"] = null,
            ["GITLAB_TOKEN"] = null,
            // Whatever host a remote names, ssh to it is this machine, in a session of its own.
            ["GIT_SSH_COMMAND"] = SshHere(""),
            ["GIT_SSH_VARIANT"] = "ssh",
        };
        GitIn(_root, "init", "-q", "--bare", "up.git");
        Executable("up.git/hooks/post-receive", $"#!/bin/sh\ncat >>{this["received"]}\n");
        GitIn(_root, "clone", "-q", "up.git", "w");
        Commit("one");
        Git("push", "-q", "origin", "HEAD");
        GitIn(_root, "clone", "-q", "up.git", "others");
        Write("received", "");
        Tested = Commit("two");
        Configure("interval", "100ms");
    }

    public Dictionary<string, string?> Environment { get; }

    /// <summary>What was called over ssh so far: git-upload-pack is a look, git-receive-pack a push.</summary>
    public string[] Calls => File.Exists(this["calls"]) ? File.ReadAllLines(this["calls"]) : [];

    /// <summary>The commit that is not pushed yet.</summary>
    public string Tested { get; }

    /// <summary>Every update of the remote since the beginning: OLD NEW REF.</summary>
    public string Received => File.ReadAllText(this["received"]);

    /// <summary>Branches of the remote with their commits, by name.</summary>
    public Dictionary<string, string> Branches => GitIn(this["up.git"], "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')).ToDictionary(static pair => pair[0], static pair => pair[1]);

    public string this[string name] => Path.Combine(_root, name);

    public string Commit(string subject, string where = "w")
    {
        GitIn(this[where], "commit", "-q", "--allow-empty", "-m", subject);
        return GitIn(this[where], "rev-parse", "HEAD");
    }

    public void Configure(string name, string value) => Git("config", "tpush." + name, value);

    /// <summary>CI that is pending until <see cref="Go"/>, and then ends with the exit code.</summary>
    public void WaitingCi(int exitCode = 0) => Configure("status", $"touch {this["asked"]}; echo at work; echo https://ci.example.org/7; test -e {this["go"]} || exit 2; exit {exitCode}");

    public void Go() => Write("go", "");

    public string Git(params string[] words) => GitIn(this["w"], words);

    public string GitIn(string directory, params string[] words)
    {
        var (exitCode, output) = Command.RunAsync(directory, Environment, ["git", .. words]).GetAwaiter().GetResult();
        Assert.True(exitCode == 0, $"git {string.Join(' ', words)}: {output}");
        return output.TrimEnd('\n');
    }

    public Command Start(params string[] arguments) => Command.Start(this["w"], Environment, ["git", "tpush", .. arguments]);

    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => Command.RunAsync(this["w"], Environment, ["git", "tpush", .. arguments]);

    /// <summary>Plays ssh, with something that happens on the other side before a call.</summary>
    public string SshHere(string before) =>
        Executable("ssh-here", $"#!/bin/sh\nfor last; do :; done\n{before}\necho ${{last%% *}} >>{this["calls"]}\nexec setsid ${{last%% *}} {this["up.git"]}\n");

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Executable(string name, string text)
    {
        Write(name, text);
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this[name];
    }

    /// <summary>The remote has the one branch, with this commit, and nothing of the temporary one is left here either.</summary>
    public void HasOnlyMain(string commit)
    {
        Assert.Equal(new Dictionary<string, string> { ["main"] = commit }, Branches);
        Assert.Empty(Directory.GetFileSystemEntries(this["tmp"]));
        Assert.DoesNotContain("tpush", Git("for-each-ref"), StringComparison.Ordinal);
    }

    public string Before => Git("rev-parse", Tested + "^");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
