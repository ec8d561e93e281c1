using System.Runtime.InteropServices;
using System.Text;

namespace Mgmt.Linux.Processes;

/// <summary>A null-terminated array of C strings, as argv and envp are.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private void* _block;

    internal NativeTexts(IReadOnlyList<string> texts)
    {
        var pointers = (nuint)(texts.Count + 1) * (nuint)sizeof(byte*);
        var bytes = (nuint)texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text) + 1);
        _block = NativeMemory.Alloc(pointers + bytes);
        Pointers = (byte**)_block;
        var next = (byte*)_block + pointers;
        for (var i = 0; i < texts.Count; i++)
        {
            Pointers[i] = next;
            var length = Encoding.UTF8.GetByteCount(texts[i]);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, length));
            next[length] = 0;
            next += length + 1;
        }

        Pointers[texts.Count] = null;
    }

    internal byte** Pointers { get; }

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
