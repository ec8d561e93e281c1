namespace Mgmt.Acceptance.Tests;

/// <summary>What people do to managed files, and that it is undone.</summary>
public sealed class HealTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task WhateverHappensToAFileItComesBack()
    {
        await using var mgmt = await StartAsync();
        var f1 = _place["d/f1"];

        File.Delete(f1);
        await _place.FileAsync("d/f1", "i am f1\n");

        await File.AppendAllTextAsync(f1, "and more");
        await _place.FileAsync("d/f1", "i am f1\n");

        await File.WriteAllTextAsync(_place["other"], "another");
        File.Move(_place["other"], f1, overwrite: true);
        await _place.FileAsync("d/f1", "i am f1\n");

        File.Move(f1, _place["taken"]);
        await _place.FileAsync("d/f1", "i am f1\n");

        File.SetUnixFileMode(f1, UnixFileMode.UserRead);
        await mgmt.LineAsync("mode is 0400");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(f1));
    }

    [Fact]
    public async Task ADirectoryThatIsRemovedOrMovedComesBackWithItsFiles()
    {
        await using var mgmt = await StartAsync();

        // Stopped meanwhile: it would put the file back between the removal of the file and that of its directory.
        mgmt.Freeze();
        Directory.Delete(_place["d"], recursive: true);
        mgmt.Signal(Signal.Continue);
        await _place.FileAsync("d/f1", "i am f1\n");

        Directory.Move(_place["d"], _place["away"]);
        await _place.FileAsync("d/f1", "i am f1\n");

        // What is managed by now is the new directory, not the one that was moved away.
        File.Delete(_place["away/f1"]);
        File.Delete(_place["d/f1"]);
        await _place.FileAsync("d/f1", "i am f1\n");
        Assert.False(File.Exists(_place["away/f1"]));
    }

    [Fact]
    public async Task AFileThatIsToBeAbsentGoesAgain()
    {
        var graph = _place.Write("graph.yaml", $"graph: g\nresources:\n  file:\n  - {{name: f, path: {_place["f"]}, state: absent}}\n");
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await mgmt.LineAsync("converged");
        await File.WriteAllTextAsync(_place["f"], "here");
        await mgmt.LineAsync("File[f]");
        Assert.False(File.Exists(_place["f"]));
    }

    [Fact]
    public async Task WhatReadsAFileWhileItIsRepairedSeesTheOldOrTheNew()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789abcde\n", 4096));
        var source = _place.Write("source", text);
        var graph = _place.Write("graph.yaml", $"graph: g\nresources:\n  file:\n  - {{name: f, path: {_place["f"]}, source: {source}}}\n");
        await using var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix");
        await mgmt.LineAsync("converged");
        for (var round = 0; round < 50; round++)
        {
            var next = new string((char)('a' + (round % 26)), 65536);
            _place.Replace("source", next);
            string read;
            do
            {
                read = await File.ReadAllTextAsync(_place["f"]);
                Assert.True(read == text || read == next, $"round {round}: {read.Length} characters that are neither the old nor the new");
            }
            while (read != next);

            text = next;
        }
    }

    [Fact]
    public async Task HealingGoesOnWhenNobodyReadsTheLog()
    {
        var graph = Graph();
        await using var shell = MgmtProcess.Start(["-c", "\"$0\" run --file \"$1\" --tmp-prefix | head -n 1", MgmtProcess.Binary, graph], [], "/bin/sh");
        await _place.FileAsync("d/f1", "i am f1\n");
        for (var round = 0; round < 20; round++)
        {
            File.Delete(_place["d/f1"]);
            await _place.FileAsync("d/f1", "i am f1\n");
        }

        // The file that ends the run: the shell's pipe has no other end that a signal could be sent to.
        _place.Replace("graph.yaml", $"graph: g\nresources:\n  exec:\n  - {{name: end, shell: /bin/sh, cmd: kill -TERM $PPID}}\n");
        await shell.ExitAsync();
    }

    private string Graph() => _place.Write(
        "graph.yaml",
        $"""
        graph: g
        resources:
          file:
          - name: f1
            path: {_place["d/f1"]}
            content: |
              i am f1
            mode: "0644"

        """);

    private async Task<MgmtProcess> StartAsync()
    {
        var mgmt = MgmtProcess.Start("run", "--file", Graph(), "--tmp-prefix");
        await mgmt.LineAsync("converged");
        return mgmt;
    }
}
