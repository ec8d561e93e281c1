using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>The fields of a service, and what each allows.</summary>
internal static class SvcFields
{
    internal const string Running = "running", Stopped = "stopped", Enabled = "enabled", Disabled = "disabled";

    internal static readonly Field<string> State = new("state", FieldType.Text, "Whether it shall run now; by default it is left as it is. A masked unit is unmasked for running.", "") { OneOf = ["", Running, Stopped] };

    internal static readonly Field<string> Startup = new(
        "startup", FieldType.Text, "Whether it shall start with the host; by default it is left as it is. A masked unit is unmasked for enabled.", "") { OneOf = ["", Enabled, Disabled] };

    internal static readonly Field<bool> Session = new("session", FieldType.Boolean, "Whether it is a unit of the user that mgmt runs as, not of the host.", false);

    internal static FieldSet All { get; } = new(State, Startup, Session);
}

/// <summary>What is wanted of one unit.</summary>
/// <param name="Unit">Its name, with the suffix.</param>
/// <param name="State">One of <see cref="SvcFields"/>'s words; empty for any.</param>
/// <param name="Startup">One of <see cref="SvcFields"/>'s words; empty for any.</param>
internal sealed record SvcWish(string Unit, string State, string Startup)
{
    /// <summary>Whether a unit that does not exist satisfies it: it does not run, and does not start with the host.</summary>
    internal bool AllowsMissing => State != SvcFields.Running && Startup != SvcFields.Enabled && (State.Length > 0 || Startup.Length > 0);

    internal static SvcWish From(string name, FieldValues values) =>
        new(UnitName.Complete(name), values.Get(SvcFields.State), values.Get(SvcFields.Startup));
}
