using System.Text;
using Mgmt.Linux.Memory;
using Mgmt.Linux.Processes;
using Mgmt.Linux.Tests.Processes;

namespace Mgmt.Linux.Tests.Memory;

public sealed class LockedBytesTests
{
    [Fact]
    public void It_holds_what_fits_and_no_more()
    {
        using var secret = new LockedBytes(4);
        Assert.True(secret.TryAppend("abc"u8));
        Assert.False(secret.TryAppend("de"u8));
        Assert.True(secret.TryAppend("d"u8));
        Assert.Equal("abcd", Encoding.UTF8.GetString(secret.Bytes));
        Assert.Equal(0, secret.ReadFrom(new MemoryStream([1])));
        Assert.Equal("(secret)", secret.ToString());
    }

    [Fact]
    public void What_is_cut_off_is_wiped()
    {
        using var secret = new LockedBytes(8);
        Assert.True(secret.TryAppend("password"u8));
        secret.Cut(2);
        Assert.Equal("pa", Encoding.UTF8.GetString(secret.Bytes));

        // What stands behind the end is seen once the end is moved there without writing.
        Assert.Equal(6, secret.ReadFrom(new Untouched()));
        Assert.Equal("pa\0\0\0\0\0\0", Encoding.UTF8.GetString(secret.Bytes));
    }

    /// <summary>The kernel says that its pages are locked, not dumped and not copied to forked processes; after the end it has none of them.</summary>
    [Fact]
    public void Its_pages_are_locked_and_left_out_of_dumps()
    {
        var secret = new LockedBytes(100);
        Assert.True(secret.TryAppend("x"u8));
        var address = secret.Address;
        var flags = FlagsOf(address);
        Assert.NotNull(flags);
        Assert.Contains(" lo", flags, StringComparison.Ordinal);
        Assert.Contains(" dd", flags, StringComparison.Ordinal);
        Assert.Contains(" dc", flags, StringComparison.Ordinal);
        secret.Dispose();
        Assert.Throws<ObjectDisposedException>(() => secret.Bytes.Length);
        Assert.DoesNotContain(" dd", FlagsOf(address) ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_reads_it_from_its_standard_input()
    {
        await using var spawner = new Spawner();
        using var secret = new LockedBytes(8192);
        Assert.True(secret.TryAppend(Encoding.ASCII.GetBytes(new string('k', 8192))));
        var output = new OutputCapture(16 * 1024);
        var child = spawner.Start(new CommandSpec(["/bin/cat"]) { Input = secret, Output = output });
        Assert.True((await child.Exited.Soon()).IsSuccess);
        Assert.Equal(new string('k', 8192), output.ToString());
    }

    [Fact]
    public async Task What_a_pipe_does_not_hold_is_refused()
    {
        await using var spawner = new Spawner();
        using var secret = new LockedBytes(2 * 1024 * 1024);
        Assert.True(secret.TryAppend(new byte[2 * 1024 * 1024]));
        Assert.False(spawner.TryStart(new CommandSpec(["/bin/cat"]) { Input = secret }, out _, out var error));
        Assert.Contains("longer than a pipe", error, StringComparison.Ordinal);
    }

    private static string? FlagsOf(nuint address)
    {
        var isInside = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var range = line.Split(' ')[0].Split('-');
            if (range.Length == 2) isInside = nuint.Parse(range[0], System.Globalization.NumberStyles.HexNumber, null) <= address && address < nuint.Parse(range[1], System.Globalization.NumberStyles.HexNumber, null);
            if (isInside && line.StartsWith("VmFlags:", StringComparison.Ordinal)) return line;
        }

        return null;
    }

    private sealed class Untouched : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}
