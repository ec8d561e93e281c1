using System.Diagnostics;
using System.Threading.Channels;
using Mgmt.Linux.Bus;

namespace Mgmt.Linux.Tests.Bus;

/// <summary>A bus connection against a dbus-daemon of the test's own, with nothing behind it but the daemon itself.</summary>
public sealed class BusTests : IAsyncLifetime
{
    private const string Driver = "org.freedesktop.DBus", DriverPath = "/org/freedesktop/DBus";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-bus-").FullName;
    private readonly BusConnection _bus;
    private Process? _daemon;

    public BusTests() => _bus = new BusConnection(BusAddress.At($"unix:path={_folder}/bus"));

    [DaemonFact]
    public async Task Answers_are_read_whatever_their_types()
    {
        await StartAsync();
        Assert.Contains(Driver, (await CallAsync("ListNames")).List(0));
        Assert.True((await CallAsync("NameHasOwner", "s", Driver)).Flag(0));
        Assert.True((await CallAsync("GetConnectionCredentials", "s", Driver)).Map(0).ContainsKey("ProcessID"));
        Assert.Equal((uint)_daemon!.Id, (await CallAsync("GetConnectionUnixProcessID", "s", Driver))[0]);
    }

    [DaemonFact]
    public async Task Structs_maps_and_variants_are_sent_as_a_daemon_accepts_them()
    {
        await StartAsync();
        // Nobody answers such a call but the daemon, with an error that tells that it was well-formed.
        var error = await Assert.ThrowsAsync<BusException>(() => _bus.CallAsync(
            new BusCall(
                Driver, DriverPath, "org.example.Echo", "Do", "a(sbu)a{sv}txd",
                new[] { new object[] { "a", true, 7u } },
                new[] { KeyValuePair.Create<string, object>("k", new BusVariant("as", new[] { "x", "y" })) },
                ulong.MaxValue,
                -1L,
                1.5),
            default).WaitAsync(Deadline));
        Assert.StartsWith("org.freedesktop.DBus.Error.Unknown", error.Name, StringComparison.Ordinal);
        Assert.False(error.IsUnreachable);
    }

    [DaemonFact]
    public async Task Thousands_of_calls_at_once_stay_within_the_daemons_limit()
    {
        await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3000).Select(_ => CallAsync("NameHasOwner", "s", Driver)));
        Assert.All(answers, answer => Assert.True(answer.Flag(0)));
    }

    [DaemonFact]
    public async Task Listeners_outlive_a_killed_daemon()
    {
        await StartAsync();
        var ear = new Ear();
        using var owners = await _bus.ListenAsync($"type='signal',sender='{Driver}',member='NameOwnerChanged',arg0='org.example.Name'", ear, default);
        await CallAsync("RequestName", "su", "org.example.Name", 0u);
        Assert.Equal("NameOwnerChanged", await ear.NextAsync());
        await KillAsync();
        Assert.StartsWith("cannot hear of the bus any more: the connection was lost", await ear.NextAsync(), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<BusException>(() => CallAsync("ListNames"));
        Assert.True(refused.IsUnreachable);
        await StartAsync();
        Assert.Equal("back", await ear.NextAsync());
        await CallAsync("RequestName", "su", "org.example.Name", 0u);
        Assert.Equal("NameOwnerChanged", await ear.NextAsync());
    }

    [DaemonFact]
    public async Task One_who_listens_no_more_hears_nothing()
    {
        await StartAsync();
        var (ear, other) = (new Ear(), new Ear());
        var rule = $"type='signal',sender='{Driver}',member='NameOwnerChanged',arg0='org.example.Name'";
        using var stays = await _bus.ListenAsync(rule, other, default);
        (await _bus.ListenAsync(rule, ear, default)).Dispose();
        await CallAsync("RequestName", "su", "org.example.Name", 0u);
        await other.NextAsync();
        Assert.Equal(0, ear.Count);
    }

    [Fact]
    public async Task Nothing_is_opened_before_the_first_use()
    {
        Assert.False(_bus.IsOpen);
        await _bus.DisposeAsync();
        Assert.False(_bus.IsOpen);
    }

    [Fact]
    public async Task A_bus_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<BusException>(() => CallAsync("ListNames"));
        Assert.StartsWith($"cannot reach the bus at unix:path={_folder}/bus: ", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusException>(() => _bus.ListenAsync("type='signal'", new Ear(), default).WaitAsync(Deadline));
    }

    [DaemonFact]
    public async Task Calls_on_the_way_fail_when_it_is_closed()
    {
        await StartAsync();
        await CallAsync("ListNames");
        var calls = Enumerable.Range(0, 500).Select(_ => CallAsync("ListNames")).ToArray();
        await _bus.DisposeAsync();
        foreach (var call in calls) Assert.True(await Record.ExceptionAsync(() => call) is null or BusException);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CallAsync("ListNames"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _bus.DisposeAsync();
        if (_daemon is { HasExited: false }) await KillAsync();
        _daemon?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<BusBody> CallAsync(string member, string signature = "", params object[] arguments) =>
        _bus.CallAsync(new BusCall(Driver, DriverPath, Driver, member, signature, arguments), default).WaitAsync(Deadline);

    private async Task StartAsync()
    {
        System.IO.File.Delete($"{_folder}/bus");
        var start = new ProcessStartInfo("dbus-daemon", ["--session", "--nofork", "--print-address", $"--address=unix:path={_folder}/bus"]) { RedirectStandardOutput = true };
        _daemon = Process.Start(start)!;
        await _daemon.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
    }

    private async Task KillAsync()
    {
        _daemon!.Kill();
        await _daemon.WaitForExitAsync().WaitAsync(Deadline);
    }

    private sealed class Ear : IBusListener
    {
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

        public int Count => _heard.Reader.Count;

        public void Heard(BusSignal signal) => _heard.Writer.TryWrite(signal.Member);

        public void Lost(string error) => _heard.Writer.TryWrite(error);

        public void Back() => _heard.Writer.TryWrite("back");

        public Task<string> NextAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(Deadline);
    }
}

/// <summary>A test that needs a dbus-daemon: without one it is skipped, and says so.</summary>
internal sealed class DaemonFactAttribute : FactAttribute
{
    public DaemonFactAttribute()
    {
        if (!System.IO.File.Exists("/usr/bin/dbus-daemon")) Skip = "needs /usr/bin/dbus-daemon";
    }
}
