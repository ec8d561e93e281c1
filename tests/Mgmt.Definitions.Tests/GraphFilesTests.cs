using System.Diagnostics;

namespace Mgmt.Definitions.Tests;

/// <summary>Reading from disk: what is found, in which order, and what is refused without blocking.</summary>
public sealed class GraphFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mgmt-definitions-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_directory_is_its_yaml_files_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "b.yaml", "a.yaml", "B.yaml", "10.yaml", "9.yaml" }) Write(name, "graph: g");
        foreach (var name in new[] { ".hidden.yaml", "x.yml", "x.yaml.bak" }) Write(name, "graph: other");
        Directory.CreateDirectory(At("sub.yaml"));
        var read = GraphFiles.Read([_folder.FullName]);
        Assert.Equal(["10.yaml", "9.yaml", "B.yaml", "a.yaml", "b.yaml"], read.Sources.Select(one => Path.GetFileName(one.Name)));
        Assert.Empty(read.Diagnostics);
    }

    [Fact]
    public void Files_come_in_the_order_given_under_the_names_given()
    {
        Write("b.yaml", "graph: g");
        Write("a.yaml", "graph: g");
        var odd = Path.Combine(_folder.FullName, ".", "a.yaml");
        Assert.Equal([At("b.yaml"), odd], GraphFiles.Read([At("b.yaml"), odd]).Sources.Select(one => one.Name));
    }

    [Theory]
    [InlineData("missing.yaml", "there is no such file")]
    [InlineData("no/such/folder.yaml", "there is no such file")]
    [InlineData("empty.yaml", "it is empty, or not a regular file")]
    [InlineData("fifo.yaml", "it is empty, or not a regular file")]
    [InlineData("link-to-fifo.yaml", "it is empty, or not a regular file")]
    [InlineData("link-to-nothing.yaml", "there is no such file")]
    [InlineData("link-to-itself.yaml", "cannot read")]
    [InlineData("/dev/zero", "it is empty, or not a regular file")]
    [InlineData("/dev/stdin", "cannot read")]
    [InlineData("folder", "it holds no file named *.yaml")]
    [InlineData("large.yaml", "larger than 64 MiB")]
    [InlineData("nul\0.yaml", "cannot read")]
    public async Task What_is_no_graph_file_is_refused_without_blocking(string name, string expected)
    {
        Write("empty.yaml", "");
        Directory.CreateDirectory(At("folder"));
        using (var fifo = Process.Start("mkfifo", At("fifo.yaml"))) await fifo.WaitForExitAsync();
        File.CreateSymbolicLink(At("link-to-fifo.yaml"), "fifo.yaml");
        File.CreateSymbolicLink(At("link-to-nothing.yaml"), "nothing");
        File.CreateSymbolicLink(At("link-to-itself.yaml"), "link-to-itself.yaml");
        using (var large = File.Create(At("large.yaml"))) large.SetLength(1L << 30);
        var read = await Task.Run(() => GraphFiles.Read([At(name)])).WaitAsync(TimeSpan.FromSeconds(10));
        var one = Assert.Single(read.Diagnostics);
        Assert.Contains(expected, one.Message, StringComparison.Ordinal);
        Assert.StartsWith("cannot ", one.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', one.ToString());
        Assert.Empty(read.Sources);
    }

    [Fact]
    public void The_size_is_that_of_all_files_together()
    {
        for (var i = 0; i < 3; i++)
        {
            using var file = File.Create(At($"{i}.yaml"));
            file.SetLength(30 * 1024 * 1024);
        }

        var read = GraphFiles.Read([_folder.FullName]);
        Assert.Equal(2, read.Sources.Count);
        Assert.Single(read.Diagnostics);
    }

    [Fact]
    public void A_link_to_a_file_is_read()
    {
        Write("a.txt", "graph: g");
        File.CreateSymbolicLink(At("a.yaml"), "a.txt");
        Assert.Equal("g", new GraphLoader(TestKinds.All).LoadFiles([At("a.yaml")]).Definition?.Graph);
    }

    [Fact]
    public void Mistakes_in_some_files_are_told_beside_those_that_cannot_be_read()
    {
        Write("a.yaml", "resources: {noop: [{nam: a}]}\nedges: [{name: e, from: {kind: noop, name: b}, to: {kind: noop, name: c}}]");
        var result = new GraphLoader(TestKinds.All).LoadFiles([At("missing.yaml"), At("a.yaml")]);
        Assert.Null(result.Definition);
        Assert.Equal(3, result.Diagnostics.Count);
        Assert.DoesNotContain(result.Diagnostics, one => one.Message.Contains("no such resource", StringComparison.Ordinal));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);
}
