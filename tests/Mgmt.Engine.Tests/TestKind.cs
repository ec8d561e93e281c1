using Mgmt.Engine.Kinds;
using Mgmt.Engine.Tests.Running;

namespace Mgmt.Engine.Tests;

/// <summary>A kind whose resources are made by the test.</summary>
internal sealed class TestKind(Func<ResourceSpec, IResource>? create = null) : Kind
{
    private static readonly Field<string> Value = new("value", FieldType.Text, "Any text: another value is another definition.", "");
    private static readonly FieldSet OwnFields = new(Value);

    public override string Name => "test";

    public override string Summary => "Whatever the test needs.";

    public override FieldSet Fields => OwnFields;

    /// <summary>For tests in which nothing is run: resources whose value begins with "gj" can be checked together.</summary>
    public static TestKind WithJoint() => new(spec => ValueOf(spec).StartsWith("gj", StringComparison.Ordinal) ? new FakeJoint() : new FakeResource());

    /// <summary>Resources whose value is the same and begins with "g" may be grouped.</summary>
    public override bool CanGroup(ResourceSpec one, ResourceSpec other) =>
        one.Values.Get(Value).StartsWith('g') && one.Values.Get(Value) == other.Values.Get(Value);

    public override IResource Create(ResourceSpec spec) => create?.Invoke(spec) ?? throw new InvalidOperationException("no resource is needed here");

    public static string ValueOf(ResourceSpec spec) => spec.Values.Get(Value);

    public ResourceSpec Spec(string name, string value = "", params (string Field, object Value)[] meta) => new(
        new Address("test", name),
        this,
        new FieldValues(Fields, new Dictionary<Field, object> { [Value] = value }),
        new Meta(new FieldValues(Meta.Fields, meta.ToDictionary(pair => Find(pair.Field), pair => pair.Value))),
        default);

    private static Field Find(string name) => Meta.Fields.TryFind(name, out var field) ? field : throw new ArgumentException(name);
}
