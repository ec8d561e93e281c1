using System.Xml.Linq;

namespace Mgmt.Acceptance.Tests;

/// <summary>The arrows between the rooms, as src/README.md draws them, and the one room in which each package lives.</summary>
public sealed class ArrowTests
{
    private static readonly string Sources = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src"));

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Mgmt.Graphs"] = [],
        ["Mgmt.Linux"] = [],
        ["Mgmt.Store"] = ["LiteDB"],
        ["Mgmt.Mesh"] = ["Mgmt.Linux", "Mgmt.Store", "DotNext.Net.Cluster", "Google.Protobuf", "Grpc.AspNetCore.Server", "Grpc.Net.Client", "Grpc.Tools"],
        ["Mgmt.Engine"] = ["Mgmt.Graphs"],
        ["Mgmt.Resources"] = ["Mgmt.Engine", "Mgmt.Linux"],
        ["Mgmt.Definitions"] = ["Mgmt.Engine", "YamlDotNet"],
        ["Mgmt.Agent"] = ["Mgmt.Definitions", "Mgmt.Mesh", "Mgmt.Resources"],
        ["Mgmt.Cli"] = ["Mgmt.Agent", "System.CommandLine"],
    };

    public static TheoryData<string> Rooms => [.. Directory.GetFiles(Sources, "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void ARoomLeansOnlyOnWhatIsBelowIt(string room)
    {
        var project = XDocument.Load(Path.Combine(Sources, room, room + ".csproj"));
        var references = project.Descendants("ProjectReference").Select(one => Path.GetFileNameWithoutExtension(one.Attribute("Include")!.Value))
            .Concat(project.Descendants("PackageReference").Select(one => one.Attribute("Include")!.Value));
        Assert.Empty(references.Except(Allowed[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void OnlyTheLinuxRoomCallsTheSystemAndStartsProcesses(string room)
    {
        if (room == "Mgmt.Linux") return;
        var files = Directory.GetFiles(Path.Combine(Sources, room), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal));
        Assert.DoesNotContain(files, path => File.ReadAllText(path) is var text
            && (text.Contains("LibraryImport", StringComparison.Ordinal) || text.Contains("DllImport", StringComparison.Ordinal) || text.Contains("Process.Start", StringComparison.Ordinal)));
    }

    /// <summary>xunit 2 disposes of a test class by IDisposable and IAsyncLifetime; IAsyncDisposable it never calls, and says nothing.</summary>
    [Fact]
    public void WhatATestClassHasToGiveBackXunitAsksItFor()
    {
        var files = Directory.GetFiles(Path.Combine(Sources, "../tests"), "*Tests.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 50, $"{files.Count} files");
        Assert.DoesNotContain(files, path => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(path), @"class \w+Tests\b[^\n]*\bIAsyncDisposable\b"));
    }

    /// <summary>The replicated state machine must be the same on every voter: outside of its home the store knows no file, socket, clock, thread or chance.</summary>
    [Theory]
    [InlineData("File.")]
    [InlineData("FileStream")]
    [InlineData("LiteDB")]
    [InlineData("Socket")]
    [InlineData("DateTime")]
    [InlineData("TimeProvider")]
    [InlineData("Stopwatch")]
    [InlineData("Environment.")]
    [InlineData("Random")]
    [InlineData("Guid")]
    [InlineData("Task.Run")]
    [InlineData("Thread.")]
    public void TheStoresMachineIsPure(string impurity)
    {
        var store = Path.Combine(Sources, "Mgmt.Store");
        var files = Directory.GetFiles(store, "*.cs", SearchOption.AllDirectories).Where(path => Path.GetRelativePath(store, path).Split('/')[0] is not ("Home" or "obj" or "bin"));
        Assert.DoesNotContain(files, path => File.ReadAllText(path).Contains(impurity, StringComparison.Ordinal));
    }
}
