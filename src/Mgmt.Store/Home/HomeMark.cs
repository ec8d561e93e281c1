using Mgmt.Store.Machine;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>The document that is written with every batch: where the state stands, and the number and sum of all other documents.</summary>
internal sealed record HomeMark(StateMark State, IReadOnlyList<Alarm> Alarms, int Documents, ulong Sum)
{
    public HomeDocument ToDocument()
    {
        var writer = HomeDocument.Begin(Shelf.Mark, 1);
        writer.Fixed64(State.Cluster);
        writer.Unsigned((ulong)State.Index);
        writer.Unsigned((ulong)State.Term);
        writer.Unsigned((ulong)State.Revision);
        writer.Signed(State.CompactRevision);
        writer.Unsigned((ulong)State.FirstEvent);
        writer.Unsigned((ulong)State.NextEvent);
        writer.Unsigned((ulong)Documents);
        writer.Fixed64(Sum);
        writer.Unsigned((ulong)Alarms.Count);
        foreach (var alarm in Alarms) RecordCodec.Write(writer, alarm);
        return HomeDocument.End(Shelf.Mark, 1, writer);
    }

    public static HomeMark? Read(HomeDocument document)
    {
        if (!document.TryOpen(out var reader)) return null;
        var state = new StateMark(reader.Fixed64(), (long)reader.Unsigned(), (long)reader.Unsigned(), (long)reader.Unsigned(), reader.Signed(), (long)reader.Unsigned(), (long)reader.Unsigned());
        var (documents, sum) = (reader.Choice(int.MaxValue), reader.Fixed64());
        var alarms = new Alarm[reader.Choice(Limits.Alarms)];
        for (var i = 0; i < alarms.Length; i++) alarms[i] = RecordCodec.ReadAlarm(ref reader);
        return reader.IsDone ? new(state, alarms, documents, sum) : null;
    }
}

/// <summary>The identity document: the format, the cluster and the member.</summary>
internal static class IdentityDocument
{
    /// <summary>The version of the home's format.</summary>
    public const int Format = 1;

    public static HomeDocument Of(HomeIdentity identity)
    {
        var writer = HomeDocument.Begin(Shelf.Identity, 1);
        writer.Unsigned(Format);
        writer.Fixed64(identity.Cluster);
        writer.Fixed64(identity.Member);
        return HomeDocument.End(Shelf.Identity, 1, writer);
    }

    public static bool TryRead(HomeDocument document, out int format, out HomeIdentity identity)
    {
        (format, identity) = (0, default);
        if (!document.TryOpen(out var reader)) return false;
        format = reader.Choice(int.MaxValue);

        // What stands behind the format is for its own version to say.
        if (format != Format) return !reader.HasFailed;
        identity = new(reader.Fixed64(), reader.Fixed64());
        return reader.IsDone;
    }
}
