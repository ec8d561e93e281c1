using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// All resources of one kind that one host exports, as the store holds them: one value, so that they change at once. Version 1 is the only one; it may get more keys, which older agents
/// keep and do not heed, and only what older agents would misunderstand gets another version.
/// </summary>
internal sealed class Sheet
{
    /// <summary>The version that this program writes, and the latest that it reads.</summary>
    public const int Current = 1;

    /// <summary>The format's version.</summary>
    public int Version { get; set; }

    /// <summary>The resources, by name in ordinal order.</summary>
    public IReadOnlyList<SheetResource> Resources { get; set; } = [];

    /// <summary>What a later program wrote besides.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>One exported resource: what was written of it, and nothing that is expanded or looked up.</summary>
internal sealed class SheetResource
{
    /// <summary>Its name without <c>@@</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The written fields of its kind. Text, numbers and booleans are JSON's, a list is an array of strings, a map an object of strings.</summary>
    public Dictionary<string, JsonElement> Fields { get; set; } = [];

    /// <summary>The written fields under <c>meta</c>; null where there are none.</summary>
    public Dictionary<string, JsonElement>? Meta { get; set; }

    /// <summary>What a later program wrote besides.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>How sheets are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(Sheet))]
internal sealed partial class SheetJson : JsonSerializerContext;
