using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

public sealed class StartErrorTests : IAsyncLifetime
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Spawner _spawner = new();
    private readonly Place _place = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _spawner.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public void A_program_that_is_missing() =>
        Assert.Equal("there is no program \"no-such\" in PATH (/bin:/usr/bin)", Error(new CommandSpec(["no-such"]) { Environment = [new("PATH", "/bin:/usr/bin")] }));

    [Fact]
    public void A_file_that_is_missing() => Assert.Equal("there is no file /no/such", Error(new CommandSpec(["/no/such"])));

    [Fact]
    public void A_directory() => Assert.Equal($"{_place.Path} is a directory", Error(new CommandSpec([_place.Path])));

    [Fact]
    public void A_file_that_is_not_executable()
    {
        _place.Script("plain", "#!/bin/sh", Plain);
        Assert.Equal($"{_place["plain"]} is not executable", Error(new CommandSpec([_place["plain"]])));
        Assert.Equal($"{_place["plain"]} is not executable", Error(new CommandSpec(["plain"]) { Environment = [new("PATH", _place.Path)] }));
    }

    [Fact]
    public void A_script_without_an_interpreter()
    {
        _place.Script("bare", "exit 0");
        Assert.Equal($"{_place["bare"]} is neither a program for this machine nor a script that begins with \"#!\"", Error(new CommandSpec([_place["bare"]])));
    }

    [Fact]
    public void An_interpreter_that_is_missing()
    {
        _place.Script("lost", "#!/no/such");
        Assert.Equal($"{_place["lost"]} or the interpreter that it names is missing", Error(new CommandSpec([_place["lost"]])));
    }

    [Fact]
    public async Task A_file_that_is_being_written()
    {
        _place.Script("fresh", "#!/bin/sh");
        var writer = File.OpenWrite(_place["fresh"]);
        Assert.Equal($"{_place["fresh"]} is being written", Error(new CommandSpec([_place["fresh"]])));
        var start = Task.Run(() => _spawner.Start(new CommandSpec([_place["fresh"]])));
        await writer.DisposeAsync();
        Assert.True((await (await start.Soon()).Exited.Soon()).IsSuccess);
    }

    [Fact]
    public void Arguments_that_are_too_long() =>
        Assert.Equal("its arguments and its environment are longer than the system allows", Error(new CommandSpec(["/bin/true", new string('x', 3_000_000)])));

    [Fact]
    public void A_working_directory_that_is_missing() =>
        Assert.Equal("there is no directory /no/such to run it in", Error(new CommandSpec(["/bin/true"]) { Directory = "/no/such" }));

    [Fact]
    public void A_user_or_a_group_that_is_missing()
    {
        Assert.Equal("there is no user \"no-such\"", Error(new CommandSpec(["/bin/true"]) { User = "no-such" }));
        Assert.Equal("there is no group \"no-such\"", Error(new CommandSpec(["/bin/true"]) { Group = "no-such" }));
        Assert.Equal("user 54321 has no entry that names its group: write one", Error(new CommandSpec(["/bin/true"]) { User = "54321" }));
    }

    private string? Error(CommandSpec spec)
    {
        Assert.False(_spawner.TryStart(spec, out _, out var error));
        return error;
    }
}
