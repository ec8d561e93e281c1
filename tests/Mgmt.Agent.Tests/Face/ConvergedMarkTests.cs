using Mgmt.Agent.Face;
using Mgmt.Engine.Running;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Agent.Tests.Face;

/// <summary>What a host says of its graph to others.</summary>
public sealed class ConvergedMarkTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly List<ConvergedNote?> _written = [];

    [Fact]
    public void A_repair_of_a_moment_is_told_once_when_it_is_over()
    {
        var convergence = new Convergence(_time);
        using var mark = new ConvergedMark(convergence, Write, _time);
        convergence.See(Converged(failed: 0));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([true], _written.Select(static one => one!.Converged));
        convergence.See(new ActiveReport());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        convergence.See(Converged(failed: 2));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _written.Count);
        Assert.Equal((true, 2), (_written[1]!.Converged, _written[1]!.Failed));
        Assert.NotEqual(_written[0]!.Since, _written[1]!.Since);
    }

    [Fact]
    public void A_host_that_is_never_at_rest_tells_it_once_a_second()
    {
        var convergence = new Convergence(_time);
        using var mark = new ConvergedMark(convergence, Write, _time);
        for (var i = 0; i < 100; i++)
        {
            convergence.See(i % 2 == 0 ? Converged(0) : new ActiveReport());
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_written.Count, 9, 11);
    }

    [Fact]
    public void What_is_the_same_is_not_told_again()
    {
        var convergence = new Convergence(_time);
        using var mark = new ConvergedMark(convergence, Write, _time);
        for (var i = 0; i < 10; i++)
        {
            convergence.See(Converged(0));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Single(_written);
    }

    [Fact]
    public void Each_state_of_the_runner_has_its_name_on_the_wire() =>
        Assert.Equal(Enum.GetNames<VertexState>(), Enum.GetValues<VertexState>().Select(static one => ((ResourceState)((int)one + 1)).ToString()));

    [Fact]
    public void A_note_of_a_stranger_is_read_or_is_none()
    {
        var note = new ConvergedNote { Converged = true, Since = _time.GetUtcNow(), Failed = 3 };
        Assert.Equal(note, ConvergedNote.Decode(note.Encode()));
        Assert.NotNull(ConvergedNote.Decode("""{"converged":true,"since":"2026-03-04T12:00:00Z","more":[1]}"""u8));
        Assert.Null(ConvergedNote.Decode("""{"converged":true}"""u8));
        Assert.Null(ConvergedNote.Decode("null"u8));
        Assert.Null(ConvergedNote.Decode(new byte[5000]));
    }

    private static ConvergedReport Converged(int failed) => new(new RunSummary(1, 0, failed, 0, TimeSpan.Zero), []);

    private void Write(byte[] note) => _written.Add(ConvergedNote.Decode(note));
}
