using System.Globalization;
using System.Text;

namespace Mgmt.Mesh.Api.Pages;

/// <summary>Metrics in Prometheus' text format, version 0.0.4.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    public void Gauge(string name, string help, double value) => One(name, "gauge", help, value);

    public void Counter(string name, string help, double value) => One(name, "counter", help, value);

    /// <summary>Begins a metric whose values are told apart by labels.</summary>
    public void Head(string name, string kind, string help) => _text.Append($"# HELP {name} {help}\n# TYPE {name} {kind}\n");

    /// <summary>One of its values. The labels' values are ours, and need no escapes.</summary>
    public void Value(string name, string labels, double value) =>
        _text.Append(name).Append('{').Append(labels).Append("} ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    public override string ToString() => _text.ToString();

    private void One(string name, string kind, string help, double value)
    {
        Head(name, kind, help);
        _text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
