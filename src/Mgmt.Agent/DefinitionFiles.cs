using Mgmt.Definitions;
using Mgmt.Engine;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>The graph as its files give it: read at the start and again whenever they change.</summary>
internal sealed class DefinitionFiles(IReadOnlyList<string> paths, Host host, Action<Report> tell)
{
    private readonly GraphLoader _loader = new(host.Kinds);
    private string _lastRefusal = "";
    private bool _hasPlan;

    /// <summary>The plan, or null when there are mistakes.</summary>
    /// <param name="tellMistakes">Tell them, though not the same ones twice in a row.</param>
    public Plan? Load(bool tellMistakes)
    {
        var result = _loader.LoadFiles(paths);
        if (result.Definition is not { } definition)
        {
            if (tellMistakes) Refuse(result);
            return null;
        }

        _lastRefusal = "";
        if (!_hasPlan) WarnOfWhatNeedsPeers(definition);
        _hasPlan = true;
        host.Files.Manage(definition.Resources);
        var plan = Compiler.Compile(definition);
        foreach (var warning in plan.Warnings) tell(new WarningReport(warning));
        return plan;
    }

    private void Refuse(LoadResult result)
    {
        var text = DiagnosticWriter.ToText(result);
        if (text != _lastRefusal) tell(new RefusedReport(text, result.Diagnostics.Count + result.Omitted, _hasPlan));
        _lastRefusal = text;
    }

    private void WarnOfWhatNeedsPeers(Definition definition)
    {
        if (definition.Exports.Count > 0 || definition.Collects.Count > 0)
        {
            tell(new WarningReport("cannot export or collect resources: this host has no peers; its own resources are kept all the same"));
        }
    }
}
