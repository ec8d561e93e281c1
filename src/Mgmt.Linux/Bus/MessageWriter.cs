using System.Collections;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Bus;

/// <summary>Puts values into a message, as a signature says.</summary>
internal static unsafe class MessageWriter
{
    internal static void Write(nint message, string signature, IEnumerable values)
    {
        var rest = signature.AsSpan();
        foreach (var value in values)
        {
            if (rest.IsEmpty) throw new ArgumentException($"there are more values than \"{signature}\" has", nameof(values));
            var length = LengthOfOne(rest);
            WriteOne(message, rest[..length], value);
            rest = rest[length..];
        }

        if (!rest.IsEmpty) throw new ArgumentException($"there are fewer values than \"{signature}\" has", nameof(values));
    }

    private static void WriteOne(nint message, ReadOnlySpan<char> type, object value)
    {
        switch (type[0])
        {
            case 'a':
                Check(BusNative.Open(message, (byte)'a', type[1..].ToString()));
                foreach (var item in (IEnumerable)value) WriteOne(message, type[1..], item);
                Check(BusNative.Close(message));
                break;
            case '(':
                Check(BusNative.Open(message, (byte)'r', type[1..^1].ToString()));
                Write(message, type[1..^1].ToString(), (IEnumerable)value);
                Check(BusNative.Close(message));
                break;
            case '{':
                var entry = (KeyValuePair<string, object>)value;
                Check(BusNative.Open(message, (byte)'e', type[1..^1].ToString()));
                Write(message, type[1..^1].ToString(), new[] { entry.Key, entry.Value });
                Check(BusNative.Close(message));
                break;
            case 'v':
                var variant = (BusVariant)value;
                Check(BusNative.Open(message, (byte)'v', variant.Signature));
                WriteOne(message, variant.Signature, variant.Value);
                Check(BusNative.Close(message));
                break;
            default:
                WriteBasic(message, type[0], value);
                break;
        }
    }

    private static void WriteBasic(nint message, char type, object value)
    {
        if (value is string text)
        {
            var bytes = Marshal.StringToCoTaskMemUTF8(text);
            var result = BusNative.Append(message, (byte)type, (void*)bytes);
            Marshal.FreeCoTaskMem(bytes);
            Check(result);
            return;
        }

        var bits = value switch
        {
            bool flag => flag ? 1UL : 0,
            byte number => number,
            short number => (ushort)number,
            ushort number => number,
            int number => (uint)number,
            uint number => number,
            long number => (ulong)number,
            ulong number => number,
            double number => BitConverter.DoubleToUInt64Bits(number),
            _ => throw new ArgumentException($"{value.GetType()} is no basic type of a message", nameof(value)),
        };
        Check(BusNative.Append(message, (byte)type, &bits));
    }

    /// <summary>How many characters the first complete type of a signature has.</summary>
    private static int LengthOfOne(ReadOnlySpan<char> signature)
    {
        var (start, depth) = (0, 0);
        while (signature[start] == 'a') start++;
        for (var i = start; i < signature.Length; i++)
        {
            if (signature[i] is '(' or '{') depth++;
            if (signature[i] is ')' or '}') depth--;
            if (depth == 0) return i + 1;
        }

        throw new ArgumentException($"\"{signature}\" is no signature", nameof(signature));
    }

    private static void Check(int result)
    {
        if (result < 0) throw new BusException($"a value cannot be sent: {Marshal.GetPInvokeErrorMessage(-result)}", "mgmt.BadValue");
    }
}
