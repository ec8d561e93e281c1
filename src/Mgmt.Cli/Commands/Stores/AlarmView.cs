using System.Text;
using System.Text.Json;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Stores;

/// <summary>Alarms as text and JSON.</summary>
internal static class AlarmView
{
    public static byte[] Of(IReadOnlyList<AlarmMember> alarms, bool isJson)
    {
        if (isJson) return JsonView.Object(json => Write(json, alarms));
        return alarms.Count == 0 ? [] : Encoding.UTF8.GetBytes(TableText.Of(["ALARM", "MEMBER"], alarms.Select(static one => new[] { NameOf(one), JsonView.Id(one.MemberID) })));
    }

    /// <summary>As etcd's tools name it.</summary>
    public static string NameOf(AlarmMember alarm) => alarm.Alarm switch
    {
        AlarmType.Nospace => "NOSPACE",
        AlarmType.Corrupt => "CORRUPT",
        _ => "NONE",
    };

    private static void Write(Utf8JsonWriter json, IReadOnlyList<AlarmMember> alarms)
    {
        json.WriteStartArray("alarms");
        foreach (var alarm in alarms)
        {
            json.WriteStartObject();
            json.WriteString("alarm", NameOf(alarm));
            json.WriteString("member", JsonView.Id(alarm.MemberID));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
