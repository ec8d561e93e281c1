namespace Mgmt.Cli.Tests.Stores;

/// <summary>Mutual TLS, with a real etcd at the other end.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly Scratch _place = new();
    private readonly TestCertificates _certificates;
    private readonly EtcdServer _etcd;

    public TlsTests()
    {
        _certificates = new(_place);
        _etcd = new(_certificates);
    }

    public Task InitializeAsync() => _etcd.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _etcd.DisposeAsync();
        _place.Dispose();
    }

    [EtcdFact]
    public async Task Both_sides_know_each_other()
    {
        Assert.Equal((0, "OK\n", ""), await RunAsync(_certificates.Flags("trusted", "client"), "kv", "put", "a", "1"));
        Assert.Equal((0, "a\n1\n", ""), await RunAsync(_certificates.Flags("trusted", "client"), "kv", "get", "a"));
    }

    [EtcdFact]
    public async Task A_server_that_another_authority_signed_is_not_trusted()
    {
        var (exitCode, output, error) = await RunAsync(_certificates.Flags("other", "client"), "kv", "put", "a", "1");
        Assert.Equal((69, ""), (exitCode, output));
        Assert.StartsWith($"cannot trust the store at {_etcd.Endpoint}: ", error, StringComparison.Ordinal);
        Assert.EndsWith("; see that its certificate and yours are signed by --cacert and name the right hosts\n", error, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task A_stranger_is_not_let_in()
    {
        var (exitCode, output, error) = await RunAsync(_certificates.Flags("trusted", "stranger"), "kv", "get", "a");
        Assert.Equal((69, ""), (exitCode, output));
        Assert.Contains(_etcd.Endpoint, error, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task Files_that_cannot_be_used_are_named()
    {
        var (exitCode, _, error) = await RunAsync(_certificates.Flags("missing", "client"), "kv", "get", "a");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"cannot use {_place["missing.crt"]} for TLS: ", error, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task Plain_words_to_a_server_with_TLS_are_no_answer()
    {
        var (exitCode, _, error) = await RunAsync(["--insecure"], "kv", "get", "a");
        Assert.Equal(69, exitCode);
        Assert.EndsWith("with TLS or without as you ask\n", error, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] flags, params string[] arguments)
    {
        var mgmt = new TestSurroundings();
        return (await mgmt.RunAsync([.. arguments, "--endpoints", _etcd.Endpoint, .. flags]), mgmt.Output, mgmt.Error);
    }
}
