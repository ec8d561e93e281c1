using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

/// <summary>A fact that only root can see.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = ProcessNative.GetEUid() == 0 ? null : "needs root";
}

public sealed class IdentityTests : IAsyncLifetime
{
    private readonly Spawner _spawner = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _spawner.DisposeAsync();

    [RootFact]
    public async Task A_user_by_name() =>
        Assert.Equal("65534:65534:65534 /nonexistent nobody nobody\n", await WhoAsync(new CommandSpec([]) { User = "nobody" }));

    [RootFact]
    public async Task A_user_by_number() =>
        Assert.Equal("65534:65534:65534 /nonexistent nobody nobody\n", await WhoAsync(new CommandSpec([]) { User = "65534" }));

    [RootFact]
    public async Task A_group_of_its_own() =>
        Assert.Equal("65534:12:12 65534 /nonexistent nobody nobody\n", await WhoAsync(new CommandSpec([]) { User = "nobody", Group = "man" }));

    [RootFact]
    public async Task Numbers_without_an_entry() =>
        Assert.Equal("54321:54322:54322 / 54321 54321\n", await WhoAsync(new CommandSpec([]) { User = "54321", Group = "54322" }));

    [RootFact]
    public async Task A_group_alone_leaves_the_user() =>
        Assert.StartsWith("0:12:12", await WhoAsync(new CommandSpec([]) { Group = "man" }), StringComparison.Ordinal);

    [RootFact]
    public async Task Variables_of_the_resource_win() =>
        Assert.Equal("65534:65534:65534 /tmp nobody nobody\n", await WhoAsync(new CommandSpec([]) { User = "nobody", Environment = [new("HOME", "/tmp")] }));

    [RootFact]
    public async Task Exit_codes_and_ends_are_those_of_the_command()
    {
        var lines = new Lines();
        var child = _spawner.Start(new CommandSpec(["sh", "-c", "exit 5"]) { User = "nobody" });
        Assert.Equal(5, (await child.Exited.Soon()).Code);
        child = _spawner.Start(new CommandSpec(["sh", "-c", "setsid sleep 1000 & echo $!; wait"]) { User = "nobody", Output = lines });
        var pid = await lines.NextPidAsync();
        Assert.True(await child.EndAsync(TimeSpan.FromSeconds(1)).Soon());
        Assert.False(Pids.IsAlive(pid), $"{pid} is alive");
    }

    private async Task<string> WhoAsync(CommandSpec spec)
    {
        var (output, errors) = (new OutputCapture(), new OutputCapture());
        string[] words = ["sh", "-c", "echo $(id -u):$(id -g):$(id -G) $HOME $USER $LOGNAME"];
        var status = await _spawner.Start(spec with { Arguments = words, Output = output, Errors = errors }).Exited.Soon();
        Assert.True(status.IsSuccess, $"{status}: {errors}");
        return output.ToString();
    }
}
