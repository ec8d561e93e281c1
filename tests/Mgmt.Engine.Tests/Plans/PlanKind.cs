using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Tests.Plans;

/// <summary>A kind whose ties and groups are written in the resource: <c>class</c> is who may be grouped with whom, and none is nobody.</summary>
internal sealed class PlanKind : Kind
{
    private static readonly Field<string> Class = new("class", FieldType.Text, "Who may be grouped with whom.", "");
    private static readonly Field<TextList> Identities = new("is", FieldType.List, "By what others find it.", TextList.Empty);
    private static readonly Field<TextList> After = new("after", FieldType.List, "Comes after the first of these.", TextList.Empty);
    private static readonly Field<TextList> Before = new("before", FieldType.List, "Comes before the first of these, and notifies it.", TextList.Empty);
    private static readonly FieldSet OwnFields = new(Class, Identities, After, Before);

    public override string Name => "test";

    public override string Summary => "Whatever the test needs.";

    public override FieldSet Fields => OwnFields;

    public override Ties Tie(ResourceSpec spec) => new(
        [.. spec.Values.Get(Identities).Select(Identity.Path)],
        [
            new EdgeWish(spec.Values.Get(After).Select(Identity.Path)),
            new EdgeWish(spec.Values.Get(Before).Select(Identity.Path), WishOrder.Before, Notify: true),
        ]);

    public override bool CanGroup(ResourceSpec one, ResourceSpec other) =>
        one.Values.Get(Class).Length > 0 && one.Values.Get(Class) == other.Values.Get(Class);

    public override IResource Create(ResourceSpec spec) => throw new InvalidOperationException("no resource is needed here");

    /// <summary>Reads <c>name(class=a is=/b/ after=/a/,/ sema=x autoedge=false)</c>; the parentheses may be missing.</summary>
    public ResourceSpec Spec(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var pairs = open < 0 ? [] : text[(open + 1)..^1].Split(' ').Select(pair => pair.Split('=')).ToList();
        return new ResourceSpec(new Address("test", open < 0 ? text : text[..open]), this, Values(OwnFields, pairs), new Meta(Values(Meta.Fields, pairs)), default);
    }

    private static FieldValues Values(FieldSet fields, List<string[]> pairs)
    {
        var values = new Dictionary<Field, object>();
        foreach (var pair in pairs)
        {
            if (!fields.TryFind(pair[0], out var field)) continue;
            values.Add(field, field.Type switch { FieldType.Boolean => bool.Parse(pair[1]), FieldType.List => new TextList(pair[1].Split(',')), _ => pair[1] });
        }

        return new FieldValues(fields, values);
    }
}
