namespace Mgmt.Definitions;

/// <summary>Words for nodes in messages.</summary>
internal static class Describe
{
    /// <summary>The value as its author wrote it, cut: <c>0644</c>, <c>"a b"</c>, <c>a list</c>.</summary>
    public static string Value(Node node) => node switch
    {
        ScalarNode { IsPlain: true, Value: "" } => "nothing",
        ScalarNode { IsPlain: true } plain => Wording.Cut(plain.Value),
        ScalarNode quoted => Wording.Quote(quoted.Value),
        _ => Shape(node),
    };

    /// <summary>What shape it has.</summary>
    public static string Shape(Node node) => node switch
    {
        SequenceNode => "a list",
        MappingNode => "a map",
        ScalarNode { IsPlain: false } => "text",
        ScalarNode plain => PlainScalar.Classify(plain.Value) switch
        {
            PlainType.Null => "nothing",
            PlainType.Boolean => "true or false",
            PlainType.Integer or PlainType.Number => "a number",
            _ => "text",
        },
        _ => "a value",
    };
}
