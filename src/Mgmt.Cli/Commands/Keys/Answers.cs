using System.Globalization;
using System.Text;
using System.Text.Json;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>The store's answers about keys, as fields of JSON and as text; those inside of transactions too.</summary>
internal static class Answers
{
    public static void Write(Utf8JsonWriter json, RangeResponse range, bool keysOnly, BytesMode mode)
    {
        json.WriteNumber("revision", range.Header.Revision);
        json.WriteNumber("count", range.Count);
        json.WriteBoolean("more", range.More);
        JsonView.Write(json, "kvs", range.Kvs, keysOnly, mode.IsHex);
    }

    public static void Write(Utf8JsonWriter json, PutResponse put, BytesMode mode)
    {
        json.WriteNumber("revision", put.Header.Revision);
        JsonView.Write(json, "prev", put.PrevKv, mode.IsHex);
    }

    public static void Write(Utf8JsonWriter json, DeleteRangeResponse deletion, BytesMode mode)
    {
        json.WriteNumber("revision", deletion.Header.Revision);
        json.WriteNumber("deleted", deletion.Deleted);
        if (deletion.PrevKvs.Count > 0) JsonView.Write(json, "prevs", deletion.PrevKvs, keysOnly: false, mode.IsHex);
    }

    public static string Text(PutResponse put, BytesMode mode)
    {
        var text = new StringBuilder("OK\n");
        if (put.PrevKv is { } before) mode.Append(text, before);
        return text.ToString();
    }

    public static string Text(DeleteRangeResponse deletion, BytesMode mode)
    {
        var text = new StringBuilder(deletion.Deleted.ToString(CultureInfo.InvariantCulture) + "\n");
        foreach (var before in deletion.PrevKvs) mode.Append(text, before);
        return text.ToString();
    }
}
