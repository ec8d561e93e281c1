using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Puts what the files say together and checks what concerns several places: names given twice, things claimed twice, edges, cycles, semaphores.</summary>
internal sealed class Linker
{
    private readonly IReadOnlyList<ParsedFile> _files;
    private readonly Problems[] _problems;
    private readonly Dictionary<Address, int> _indexes;
    private readonly Dictionary<Address, Place> _exported = [];
    private readonly Dictionary<Kind, Dictionary<string, int>> _claims = [];
    private readonly List<Declaration> _resources = [];
    private readonly List<Declaration> _exports = [];

    /// <summary>Puts the files together; their own mistakes stay theirs.</summary>
    public Linker(IReadOnlyList<ParsedFile> files)
    {
        _files = files;
        var count = files.Sum(file => file.Content.Resources.Count);
        _indexes = new Dictionary<Address, int>(count);
        _problems = [.. files.Select(file => new Problems(file.Name))];
        for (var i = 0; i < files.Count; i++) _problems[i].UseText(files[i].Text ?? "");
    }

    /// <summary>The mistakes found, those of each file together.</summary>
    public IReadOnlyList<Problems> Problems => _problems;

    /// <summary>Checks the whole, and makes the definition that it is if there is no mistake here or in a file.</summary>
    /// <param name="isWhole">Whether all files could be read: else nothing is missing for certain.</param>
    public Definition Link(bool isWhole)
    {
        var graph = GraphName(isWhole);
        for (var i = 0; i < _files.Count; i++) Gather(i);
        CollectSpec[] collects = [.. _files.SelectMany(file => file.Content.Collects)];
        var edges = new EdgeLinker(_indexes, _exported, [.. collects.Select(one => one.Kind)], isWhole);
        for (var i = 0; i < _files.Count; i++)
        {
            foreach (var connection in _files[i].Content.Edges) edges.Add(connection, _problems[i]);
        }

        edges.ReportCycles();
        CheckSemaphores();
        return new Definition(graph, Specs(_resources), Specs(_exports), edges.Specs, collects);
    }

    private static ResourceSpec[] Specs(List<Declaration> declarations)
    {
        var specs = new List<ResourceSpec>(declarations.Count);
        foreach (var declaration in declarations)
        {
            if (declaration.Spec is { } spec) specs.Add(spec);
        }

        return [.. specs];
    }

    private string GraphName(bool isWhole)
    {
        var first = _files.FirstOrDefault(file => file.Graph is not null)?.Graph;
        for (var i = 0; i < _files.Count; i++)
        {
            if (first is null || _files[i].Graph is not { } name || name.Text == first.Text) continue;
            _problems[i].Add(name.Place, $"cannot name the graph {Wording.Quote(name.Text)}: it is named {Wording.Quote(first.Text)} at {first.Place}", "give one name in all files, or in one alone");
        }

        if (first is not null) return first.Text;
        var isMissing = isWhole && _files.Count > 0 && !_files.Any(file => file.GivesGraph);
        if (isMissing) _problems[0].Add(1, 1, "cannot use a graph without a name", "add a line such as graph: mygraph");
        return "";
    }

    private void Gather(int file)
    {
        foreach (var declaration in _files[file].Content.Resources)
        {
            var problems = _problems[file];
            if (declaration.IsExported)
            {
                if (_exported.TryAdd(declaration.Address, declaration.Place)) _exports.Add(declaration);
                else ReportSecond(declaration, _exported[declaration.Address], problems);
            }
            else if (_indexes.TryAdd(declaration.Address, _resources.Count))
            {
                _resources.Add(declaration);
                CheckClaim(declaration, problems);
            }
            else ReportSecond(declaration, _resources[_indexes[declaration.Address]].Place, problems);
        }
    }

    private void CheckClaim(Declaration declaration, Problems problems)
    {
        if (declaration is not { Spec: { } spec, Claim: { } claim }) return;
        if (!_claims.TryGetValue(spec.Kind, out var claims)) _claims.Add(spec.Kind, claims = new Dictionary<string, int>(_indexes.Capacity, StringComparer.Ordinal));
        if (claims.TryAdd(claim, _resources.Count - 1)) return;
        var first = _resources[claims[claim]];
        problems.Add(
            declaration.Place,
            $"cannot give {Wording.Cut(claim, 200)} to {Named(declaration)}: {Named(first)} at {first.Place} has it, and they would undo each other's work",
            "remove one of the two");
    }

    private static Owner Named(Declaration declaration) => new(declaration.Address.Kind, declaration.Address.Name, IsResource: true);

    private static void ReportSecond(Declaration second, Place first, Problems problems)
    {
        if (!problems.Wants(second.Place.Line, second.Place.Column))
        {
            problems.Omit();
            return;
        }

        var what = second.IsExported ? "export" : "declare";
        problems.Add(second.Place, $"cannot {what} {Named(second)} twice: it is also at {first}", "rename or remove one of the two");
    }

    private void CheckSemaphores()
    {
        var sizes = new Dictionary<string, SemaphoreUse>(StringComparer.Ordinal);
        for (var i = 0; i < _files.Count; i++)
        {
            foreach (var use in _files[i].Content.Semaphores)
            {
                if (sizes.TryAdd(use.Semaphore.Id, use)) continue;
                var first = sizes[use.Semaphore.Id];
                if (first.Semaphore.Size != use.Semaphore.Size) ReportSizes(use, first, _problems[i]);
            }
        }
    }

    private static void ReportSizes(SemaphoreUse second, SemaphoreUse first, Problems problems) => problems.Add(
        second.Place,
        $"cannot give semaphore {Wording.Quote(second.Semaphore.Id)} the size {second.Semaphore.Size}: it has the size {first.Semaphore.Size} at {first.Place}",
        "write one size everywhere (an id alone means size 1)");
}
