using Mgmt.Definitions;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>The graph as its files give it: read at the start and again whenever they change.</summary>
internal sealed class DefinitionFiles(IReadOnlyList<string> paths, IReadOnlyList<Kind> kinds, Action<Report> tell)
{
    private readonly GraphLoader _loader = new(kinds);
    private string _lastRefusal = "";
    private bool _hasDefinition;

    /// <summary>The definition, or null when there are mistakes.</summary>
    /// <param name="tellMistakes">Tell them, though not the same ones twice in a row.</param>
    public Definition? Load(bool tellMistakes)
    {
        if (paths.Count == 0) return Definition.Empty;
        var result = _loader.LoadFiles(paths);
        if (result.Definition is not { } definition)
        {
            if (tellMistakes) Refuse(result);
            return null;
        }

        _lastRefusal = "";
        _hasDefinition = true;
        return definition;
    }

    private void Refuse(LoadResult result)
    {
        var text = DiagnosticWriter.ToText(result);
        if (text != _lastRefusal) tell(new RefusedReport(text, result.Diagnostics.Count + result.Omitted, _hasDefinition));
        _lastRefusal = text;
    }
}
