using System.Runtime.InteropServices;

namespace Mgmt.Linux.Bus;

/// <summary>Takes all values out of a message. sd-bus has checked the message against its signature before.</summary>
internal static unsafe class MessageReader
{
    internal static BusBody Read(nint message) => new(ReadAll(message));

    internal static BusSignal ReadSignal(nint message) =>
        new(Marshal.PtrToStringUTF8(BusNative.GetPath(message)) ?? "", Marshal.PtrToStringUTF8(BusNative.GetMember(message)) ?? "", Read(message));

    private static List<object> ReadAll(nint message)
    {
        List<object> values = [];
        while (true)
        {
            var found = Check(BusNative.Peek(message, out var type, out var contents));
            if (found == 0) return values;
            values.Add(ReadOne(message, type, contents));
        }
    }

    private static object ReadOne(nint message, byte type, nint contents)
    {
        switch ((char)type)
        {
            case 's' or 'o' or 'g':
                nint text;
                Check(BusNative.Read(message, type, &text));
                return Marshal.PtrToStringUTF8(text) ?? "";
            case 'b':
                int flag;
                Check(BusNative.Read(message, type, &flag));
                return flag != 0;
            case 'a' or 'r' or 'v' or 'e':
                return ReadContainer(message, (char)type, contents);
            default:
                return ReadNumber(message, type);
        }
    }

    private static object ReadContainer(nint message, char type, nint contents)
    {
        var isMap = type == 'a' && Marshal.ReadByte(contents) == '{' && (char)Marshal.ReadByte(contents, 1) is 's' or 'o' or 'g';
        Check(BusNative.Enter(message, (byte)type, contents));
        var inside = ReadAll(message);
        Check(BusNative.Exit(message));
        if (type == 'v') return inside[0];
        if (!isMap) return inside;
        var map = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var entry in inside.Cast<List<object>>()) map[(string)entry[0]] = entry[1];
        return map;
    }

    private static object ReadNumber(nint message, byte type)
    {
        ulong bits = 0; // of which a shorter number fills the first bytes
        Check(BusNative.Read(message, type, &bits));
        return (char)type switch
        {
            'y' => (object)*(byte*)&bits,
            'n' => *(short*)&bits,
            'q' => *(ushort*)&bits,
            'i' or 'h' => *(int*)&bits,
            'u' => *(uint*)&bits,
            'x' => *(long*)&bits,
            't' => bits,
            'd' => *(double*)&bits,
            _ => throw new BusException($"it holds a value of the unknown type '{(char)type}'", "mgmt.BadMessage"),
        };
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new BusException($"it cannot be read: {Marshal.GetPInvokeErrorMessage(-result)}", "mgmt.BadMessage");
}
