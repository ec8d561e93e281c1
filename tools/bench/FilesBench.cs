namespace Mgmt.Bench;

/// <summary>Files by the number: the first time, when all of them are missing, and again, when all are in order.</summary>
internal static class FilesBench
{
    public static void Run(Place place)
    {
        foreach (var count in new[] { 1, 100, 1_000, 10_000 }) Run(place, count);
    }

    private static void Run(Place place, int count)
    {
        var target = place[$"t{count}"];
        var graph = place.Write($"{count}.yaml", Graph(target, count));
        var mgmt = $"{Place.Mgmt} run --file {graph} --converged-timeout 0 --tmp-prefix";
        var contestants = new List<(string Name, string Command)> { ("mgmt", mgmt) };
        if (Place.Find("cf-agent") is { } agent) contestants.Add(("CFEngine", $"{agent} -KIf {place.Write($"{count}.cf", Promises(target, count))}"));
        if (Place.Find("puppet") is { } puppet && count <= 1_000) contestants.Add(("Puppet", $"{puppet} apply {place.Write($"{count}.pp", Manifest(target, count))}"));

        Make(target, count);
        var sums = place.Write($"{count}.sums", "");
        ChildProcess.Run($"sh -c 'cd {target} && sha256sum * >{sums}'");
        Figures.Title($"check {count} files that are in order");
        bool AllThere() => Directory.EnumerateFiles(target).Count() >= count;
        Figures.Compare([.. contestants, ("floor: sha256sum -c", $"sh -c 'cd {target} && sha256sum -c --quiet {sums}'")], isDone: AllThere);

        var archive = place[$"{count}.tar"];
        ChildProcess.Run($"tar -C {target} -cf {archive} .");
        Figures.Title($"make {count} files (mgmt flushes each to disk, the floor does not)");
        Figures.Compare([.. contestants, ("floor: tar -x", $"tar -C {target} -xf {archive}")], before: _ => Empty(target), isDone: AllThere);
        Directory.Delete(target, recursive: true);
    }

    public static string Graph(string target, int count, string suffix = "") => "graph: files\nresources:\n  file:\n" + string.Concat(
        Enumerable.Range(0, count).Select(i => $"  - name: f{i}\n    path: {target}/f{i}\n    content: \"i am f{i}{suffix}\\n\"\n    mode: \"0644\"\n"));

    private static string Manifest(string target, int count) => string.Concat(
        Enumerable.Range(0, count).Select(i => $"file {{ '{target}/f{i}': content => \"i am f{i}\\n\", mode => '0644' }}\n"));

    private static string Promises(string target, int count) =>
        "body perms mode(m) { mode => \"$(m)\"; rxdirs => \"false\"; }\nbundle agent main\n{\n  files:\n" + string.Concat(
            Enumerable.Range(0, count).Select(i => $"    \"{target}/f{i}\" create => \"true\", perms => mode(\"644\"), edit_template_string => \"i am f{i}\n\", template_method => \"inline_mustache\", template_data => '{{}}';\n")) + "}\n";

    private static void Make(string target, int count)
    {
        Directory.CreateDirectory(target);
        for (var i = 0; i < count; i++) File.WriteAllText($"{target}/f{i}", $"i am f{i}\n");
    }

    private static void Empty(string target)
    {
        Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(target);
    }
}
