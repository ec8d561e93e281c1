namespace Mgmt.Store.Wire;

/// <summary>Records as snapshots and the home keep them.</summary>
internal static class RecordCodec
{
    public static void Write(WireWriter writer, KeyValue one)
    {
        writer.Bytes(one.Key);
        writer.Bytes(one.Value);
        writer.Unsigned((ulong)one.ModRevision);
        writer.Unsigned((ulong)(one.ModRevision - one.CreateRevision));
        writer.Unsigned((ulong)one.Version);
        writer.Signed(one.Lease);
    }

    public static KeyValue Read(ref WireReader reader)
    {
        var (key, value) = (reader.Bytes(), reader.Bytes());
        var mod = (long)reader.Unsigned();
        return new(key, value, mod - (long)reader.Unsigned(), mod, (long)reader.Unsigned(), reader.Signed());
    }

    /// <summary>What was before an event follows from the records before it, so it is left out.</summary>
    public static void Write(WireWriter writer, Event one)
    {
        writer.Byte((byte)one.Kind);
        if (one.Kind == EventKind.Put)
        {
            Write(writer, one.KeyValue);
            return;
        }

        writer.Bytes(one.KeyValue.Key);
        writer.Unsigned((ulong)one.KeyValue.ModRevision);
    }

    public static Event ReadEvent(ref WireReader reader)
    {
        var kind = (EventKind)reader.Choice((int)EventKind.Delete);
        return new(kind, kind == EventKind.Put ? Read(ref reader) : new(reader.Bytes(), default, 0, (long)reader.Unsigned(), 0, 0), null);
    }

    public static void Write(WireWriter writer, Lease lease)
    {
        writer.Signed(lease.Id);
        writer.Unsigned((ulong)lease.Seconds);
        writer.Unsigned((ulong)lease.GrantedAt);
    }

    public static Lease ReadLease(ref WireReader reader) => new(reader.Signed(), (long)reader.Unsigned(), (long)reader.Unsigned());

    public static void Write(WireWriter writer, Alarm alarm)
    {
        writer.Unsigned(alarm.Member);
        writer.Byte((byte)alarm.Kind);
    }

    public static void Write(WireWriter writer, Member member)
    {
        writer.Unsigned(member.Id);
        writer.Text(member.Name);
        Write(writer, member.PeerUrls);
        Write(writer, member.ClientUrls);
        writer.Bool(member.IsLearner);
    }

    public static Member ReadMember(ref WireReader reader) => new(reader.Unsigned(), reader.Text(), ReadTexts(ref reader), ReadTexts(ref reader), reader.Bool());

    public static Alarm ReadAlarm(ref WireReader reader) => new(reader.Unsigned(), (AlarmKind)reader.Choice((int)AlarmKind.Corrupt));

    private static void Write(WireWriter writer, IReadOnlyList<string> texts)
    {
        writer.Unsigned((ulong)texts.Count);
        foreach (var text in texts) writer.Text(text);
    }

    // Each text takes a byte at least, so there are no more than bytes are left. Whether there may be as many is for the check of the command to say.
    private static string[] ReadTexts(ref WireReader reader)
    {
        var texts = new string[reader.Choice(reader.Left)];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.Text();
        return texts;
    }
}
