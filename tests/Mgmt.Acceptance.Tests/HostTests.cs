using System.Text.Json;

namespace Mgmt.Acceptance.Tests;

/// <summary>The built program on a throw-away host with a real systemd.</summary>
public sealed class HostTests(TestHost host) : IClassFixture<TestHost>
{
    private const string Inside = "/opt/mgmt";
    private static readonly string Examples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../examples"));

    [HostFact]
    public async Task The_examples_with_services_converge_on_a_host()
    {
        var inside = Install();
        var names = Directory.GetFiles(Examples, "*.yaml").Select(path => Path.GetFileName(path)).Where(ExampleTests.NeedsHost).ToList();
        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            File.Copy(Path.Combine(Examples, name), Path.Combine(inside, name), overwrite: true);
            var output = await host.RunAsync($"/opt/mgmt/mgmt run --file /opt/mgmt/{name} --converged-timeout 0 --tmp-prefix 2>&1");
            Assert.Contains(" 0 failed, 0 blocked", output, StringComparison.Ordinal);
        }

        Assert.Equal("active enabled", await host.RunAsync("echo $(systemctl is-active mgmt-hello) $(systemctl is-enabled mgmt-hello)"));
    }

    [HostFact]
    public async Task Packages_are_tied_to_what_they_bring_and_services_to_their_configuration()
    {
        var inside = Install();
        await host.RunAsync("dpkg -P drbd-utils cowsay sl powertop cmatrix >/dev/null 2>&1 || true");
        var edges = (await GraphAsync("autoedges3")).GetProperty("edges").EnumerateArray()
            .Select(edge => $"{edge.GetProperty("from")} {(edge.GetProperty("notify").GetBoolean() ? "=>" : "->")} {edge.GetProperty("to")}").Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "File[file1] => Svc[drbd]", "File[file2] => Svc[drbd]",
                "Pkg[drbd-utils] -> File[file1]", "Pkg[drbd-utils] -> File[file2]", "Pkg[drbd-utils] -> Svc[drbd]",
            ],
            edges);
        var group = (await GraphAsync("autogroup1")).GetProperty("vertices").EnumerateArray().Select(vertex => $"{vertex.GetProperty("kind")}[{vertex.GetProperty("name")}]");
        Assert.Equal(["pkg[autogroup:(cowsay,powertop,sl)]", "pkg[cmatrix]"], group.Order(StringComparer.Ordinal));

        async Task<JsonElement> GraphAsync(string example)
        {
            File.Copy(Path.Combine(Examples, $"{example}.yaml"), Path.Combine(inside, $"{example}.yaml"), overwrite: true);
            return JsonDocument.Parse(await host.RunAsync($"{Inside}/mgmt graph --format json --file {Inside}/{example}.yaml")).RootElement;
        }
    }

    [HostFact]
    public async Task A_service_hears_of_its_configuration_which_a_package_brought()
    {
        var inside = Install();
        await host.RunAsync("dpkg -P ptest-daemon >/dev/null 2>&1 || true");
        var first = await RunAsync("one");
        Assert.Equal("one", await host.RunAsync("cat /etc/ptest-daemon.d/local"));
        var second = await RunAsync("two");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await RunAsync("two"));

        // Which run of the service it is.
        async Task<string> RunAsync(string content)
        {
            await File.WriteAllTextAsync(Path.Combine(inside, "daemon.yaml"), $"""
                graph: g
                resources:
                  svc:
                  - name: ptest-daemon
                    state: running
                  pkg:
                  - name: ptest-daemon
                  file:
                  - name: local
                    path: /etc/ptest-daemon.d/local
                    content: "{content}"
                """);
            var output = await host.RunAsync($"{Inside}/mgmt run --file {Inside}/daemon.yaml --converged-timeout 0 --tmp-prefix 2>&1");
            Assert.Contains("0 failed, 0 blocked", output, StringComparison.Ordinal);
            return await host.RunAsync("systemctl is-active ptest-daemon; systemctl show -P InvocationID ptest-daemon");
        }
    }

    /// <summary>README's example: nobody wrote an edge, and all comes and heals in order.</summary>
    [HostFact]
    public async Task Readmes_service_comes_with_its_package_and_hears_of_its_configuration()
    {
        var inside = Install();
        await host.RunAsync("dpkg -P drbd-utils >/dev/null 2>&1 || true");
        await File.WriteAllTextAsync(Path.Combine(inside, "readme.yaml"), Readme.Block("- {name: drbd, state: running"));
        Assert.Equal(Readme.Block("flowchart TD").Trim(), await host.RunAsync($"{Inside}/mgmt graph --file {Inside}/readme.yaml --format mermaid"));
        await using var agent = MgmtProcess.Start([.. host.Enter[1..], "/bin/sh", "-c", $"echo $$ >{Inside}/agent; exec {Inside}/mgmt run --file {Inside}/readme.yaml --tmp-prefix"], [], host.Enter[0]);
        var told = new Queue<string>(Readme.Block("Pkg[drbd-utils]: not installed").Trim().Split('\n').Select(Readme.Mask));
        await ShowsAsync(2);
        await agent.LineAsync("converged:");
        await host.RunAsync("systemctl stop drbd");
        await ShowsAsync(1);
        await agent.LineAsync("converged:");
        await host.RunAsync("echo spoilt >>/etc/drbd.conf");
        await ShowsAsync(2);
        await host.RunAsync($"kill $(cat {Inside}/agent)");
        Assert.Equal(0, await agent.ExitAsync());

        async Task ShowsAsync(int count)
        {
            for (; count > 0; count--) Assert.Equal(told.Dequeue(), Readme.Mask(await agent.LineAsync("]: ")));
        }
    }

    [HostFact]
    public async Task Who_may_not_change_a_unit_is_told_so()
    {
        var inside = Install();
        host.AddUnit("guarded.service");
        await File.WriteAllTextAsync(Path.Combine(inside, "denied.yaml"), "graph: g\nresources:\n  svc:\n  - {name: guarded, state: running}\n  - {name: dbus, state: running}\n");
        var output = await host.RunAsync($"setpriv --reuid=65534 --regid=65534 --clear-groups {Inside}/mgmt run --file {Inside}/denied.yaml --converged-timeout 0 --tmp-prefix 2>&1 || true");
        Assert.Matches("cannot start unit guarded.service: .*; run mgmt as root, or allow it in polkit", output);
        Assert.Contains("1 failed, 0 blocked", output, StringComparison.Ordinal);
    }

    [HostFact]
    public async Task Without_libsystemd_services_say_so_and_all_else_works()
    {
        var output = await RunWithoutAsync("lib", "for library in $(find /lib/ /usr/lib/ -name \"libsystemd.so.0*\" -type f); do mount --bind /dev/null $library; done");
        Assert.Matches("Svc\\[one\\].* cannot reach the system bus at .*: libsystemd.so.0 is missing or too old; install systemd's library \\(the package libsystemd0 or systemd-libs\\)", output);
    }

    [HostFact]
    public async Task Without_a_bus_services_say_so_and_all_else_works()
    {
        var output = await RunWithoutAsync("bus", "mount -t tmpfs tmpfs /run");
        Assert.Matches("Svc\\[one\\].* cannot reach the system bus at unix:path=/run/dbus/system_bus_socket: No such file or directory", output);
    }

    /// <summary>Runs a graph with a service and a file in the host, where something is hidden from this run alone.</summary>
    private async Task<string> RunWithoutAsync(string name, string hide)
    {
        var inside = Install();
        await File.WriteAllTextAsync(Path.Combine(inside, $"{name}.yaml"), $"graph: g\nresources:\n  svc:\n  - {{name: one, state: running}}\n  file:\n  - {{name: two, path: /opt/without-{name}, content: here}}\n");
        var output = await host.RunAsync($"unshare -m sh -c '{hide}; {Inside}/mgmt run --file {Inside}/{name}.yaml --converged-timeout 0 --tmp-prefix 2>&1' || true");
        Assert.Contains("1 failed, 0 blocked", output, StringComparison.Ordinal);
        Assert.Equal("here", await host.RunAsync($"cat /opt/without-{name}"));
        return output;
    }

    /// <summary>Puts the built program into the host; answers where that is seen from here.</summary>
    private string Install()
    {
        var folder = Directory.CreateDirectory($"/proc/{host.Init}/root{Inside}").FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(MgmtProcess.Binary)!))
        {
            if (!File.Exists(Path.Combine(folder, Path.GetFileName(file)))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
