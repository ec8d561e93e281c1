using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions;

/// <summary>Reads the value of one field: its shape, then what the field itself demands.</summary>
internal sealed class ValueReader(Problems problems)
{
    private static readonly object True = true;
    private static readonly object False = false;

    /// <summary>The value, in the type that the field's <see cref="Field.Type"/> names; null when it is wrong, which is reported.</summary>
    public object? Read(Field field, Node node, string prefix, in Owner owner)
    {
        var at = new Spot(node, prefix, field.Name, owner);
        var value = field.Type switch
        {
            FieldType.Text => Text(at),
            FieldType.Boolean => Boolean(at),
            FieldType.Integer => Integer(at),
            FieldType.Number => Number(at),
            FieldType.List => List(at),
            FieldType.Map => Map(at),
            _ => throw new InvalidOperationException($"field {field.Name} has the unknown type {field.Type}"),
        };
        if (value is null || field.Check(value) is not { } wrong) return value;
        problems.Add(node, $"{at} {Cut(wrong)}", Allowed(field, value));
        return null;
    }

    /// <summary>A text that is one of the loader's own fields.</summary>
    public string? Text(Node node, string name, in Owner owner) => Text(new Spot(node, "", name, owner));

    /// <summary>A boolean that is one of the loader's own fields.</summary>
    public bool? Boolean(Node node, string name, in Owner owner) => (bool?)Boolean(new Spot(node, "", name, owner));

    private static string Allowed(Field field, object value)
    {
        if (field.OneOf.Count > 0 && value is string text) return Nearest.Advice(text, field.OneOf, $"write {Wording.AnyOf(field.OneOf)}");
        var isOutside = value is long whole ? whole < field.Minimum || whole > field.Maximum : value is double number && (number < field.Minimum || number > field.Maximum);
        if (!isOutside) return $"correct or remove {field.Name}";
        return field.Maximum == long.MaxValue ? $"write {field.Minimum} or more" : $"write a number from {field.Minimum} to {field.Maximum}";
    }

    // What a kind says about a value may quote the whole of it.
    private static string Cut(string sentence) => Wording.Cut(sentence, 300);

    private string? Text(in Spot at)
    {
        if (at.Node is not ScalarNode scalar) return Refuse(at, "text is wanted", "write one text");
        if (!scalar.IsPlain) return scalar.Value;
        return PlainScalar.Classify(scalar.Value) switch
        {
            PlainType.Text => scalar.Value,
            PlainType.Null when scalar.Value.Length == 0 => Refuse(at, "text is wanted", $"write {at.Name}: \"\" for an empty text, or remove the key"),
            PlainType.Null => Refuse(at, "it means nothing, and text is wanted", InQuotes(scalar)),
            PlainType.Boolean => Refuse(at, "it is a boolean, and text is wanted", InQuotes(scalar)),
            _ => Refuse(at, "it is a number, and text is wanted", InQuotes(scalar)),
        };
    }

    private static string InQuotes(ScalarNode scalar) => $"write it in quotes: \"{Wording.Cut(scalar.Value)}\"";

    private object? Boolean(in Spot at)
    {
        if (at.Node is not ScalarNode scalar) return Refuse(at, "true or false is wanted", "write true or false");
        var classified = PlainScalar.Classify(scalar.Value);
        if (classified == PlainType.Boolean)
        {
            if (scalar.IsPlain) return scalar.Value[0] is 't' or 'T' ? True : False;
            return Refuse(at, "it is text, and true or false is wanted", $"remove the quotes: {scalar.Value}");
        }

        return Refuse(at, "true or false is wanted", YesOrNo(scalar.Value) is { } meant ? $"write {meant}" : "write true or false");
    }

    // The booleans of YAML 1.1, which YAML 1.2 reads as text.
    private static string? YesOrNo(string text) => text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => "true",
        "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => "false",
        _ => null,
    };

    private object? Integer(in Spot at)
    {
        if (at.Node is not ScalarNode scalar) return Refuse(at, "a whole number is wanted", "write one number");
        if (PlainScalar.Classify(scalar.Value) != PlainType.Integer) return Refuse(at, "a whole number is wanted", $"write a whole number such as {at.Name}: 1");
        if (!scalar.IsPlain) return Refuse(at, "it is text, and a whole number is wanted", $"remove the quotes: {Wording.Cut(scalar.Value)}");
        return PlainScalar.TryInteger(scalar.Value, out var value) ? value : Refuse(at, "the number is too large", "write a number of at most 18 digits");
    }

    private object? Number(in Spot at)
    {
        if (at.Node is not ScalarNode scalar) return Refuse(at, "a number is wanted", "write one number");
        if (PlainScalar.Classify(scalar.Value) is not (PlainType.Integer or PlainType.Number))
            return Refuse(at, "a number is wanted", $"write a number such as {at.Name}: 0.5, or .inf");
        if (!scalar.IsPlain) return Refuse(at, "it is text, and a number is wanted", $"remove the quotes: {Wording.Cut(scalar.Value)}");
        var number = PlainScalar.ToNumber(scalar.Value);
        return double.IsNaN(number) ? Refuse(at, "it is not a number", "write a number, or .inf") : number;
    }

    private TextList? List(in Spot at)
    {
        if (at.Node is not SequenceNode list)
        {
            Refuse(at, "a list is wanted", at.Node is ScalarNode { IsNull: false } one ? $"write [{Describe.Value(one)}]" : $"write a list such as {at.Name}: [a, b]");
            return null;
        }

        var items = new string[list.Items.Length];
        var right = true;
        for (var i = 0; i < items.Length; i++)
        {
            var item = Text(at with { Node = list.Items[i], Part = $"[{i}]" });
            right &= item is not null;
            items[i] = item ?? "";
        }

        return right ? new TextList(items) : null;
    }

    private TextMap? Map(in Spot at)
    {
        if (at.Node is not MappingNode map)
        {
            Refuse(at, "a map is wanted", $"write a map such as {at.Name}: {{a: b}}");
            return null;
        }

        var entries = new KeyValuePair<string, string>[map.Entries.Length];
        var right = true;
        for (var i = 0; i < entries.Length; i++)
        {
            var (key, value) = map.Entries[i];
            var text = Text(at with { Node = value, Part = $".{Wording.Cut(key.Value)}" });
            right &= text is not null;
            entries[i] = new(key.Value, text ?? "");
        }

        return right ? new TextMap(entries) : null;
    }

    private string? Refuse(in Spot at, string wrong, string advice)
    {
        if (problems.Wants(at.Node.Line, at.Node.Column)) problems.Add(at.Node, $"{at} {wrong}", advice);
        else problems.Omit();
        return null;
    }

    // A value, and the words that say which one it is.
    private readonly record struct Spot(Node Node, string Prefix, string Name, Owner Owner, string Part = "")
    {
        private string Shown => Node is ScalarNode and not { IsPlain: true, Value: "" } ? Describe.Value(Node) : $"({Describe.Value(Node)})";

        public override string ToString() => $"cannot use {Prefix}{Name}{Part} {Shown} of {Owner}:";
    }
}
