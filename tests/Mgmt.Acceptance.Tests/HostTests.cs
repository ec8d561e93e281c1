using Mgmt.Tests;

namespace Mgmt.Acceptance.Tests;

/// <summary>The built program on a throw-away host with a real systemd.</summary>
public sealed class HostTests(TestHost host) : IClassFixture<TestHost>
{
    private static readonly string Examples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../examples"));

    [HostFact]
    public async Task The_examples_with_services_converge_on_a_host()
    {
        var inside = $"/proc/{host.Init}/root/opt/mgmt";
        Directory.CreateDirectory(inside);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(MgmtProcess.Binary)!)) File.Copy(file, Path.Combine(inside, Path.GetFileName(file)));
        var names = Directory.GetFiles(Examples, "*.yaml").Select(path => Path.GetFileName(path)).Where(ExampleTests.NeedsHost).ToList();
        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            File.Copy(Path.Combine(Examples, name), Path.Combine(inside, name));
            var output = await host.RunAsync($"/opt/mgmt/mgmt run --file /opt/mgmt/{name} --converged-timeout 0 --tmp-prefix 2>&1");
            Assert.Contains(" 0 failed, 0 blocked", output, StringComparison.Ordinal);
        }

        Assert.Equal("active enabled", await host.RunAsync("echo $(systemctl is-active mgmt-hello) $(systemctl is-enabled mgmt-hello)"));
    }
}
