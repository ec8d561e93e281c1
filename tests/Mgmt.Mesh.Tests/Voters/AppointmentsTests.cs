using Mgmt.Mesh.Voters;

namespace Mgmt.Mesh.Tests.Voters;

public sealed class AppointmentsTests
{
    [Fact]
    public async Task An_appointment_is_answered_when_it_is_acted_on()
    {
        var appointments = new Appointments();
        var next = appointments.Next;
        var asked = appointments.AppointAsync([], "as a test", CancellationToken.None);
        var again = appointments.AppointAsync([], "once more", CancellationToken.None);
        Assert.Equal("as a test", (await next).Reason);
        Assert.False(asked.IsCompleted);
        appointments.Answer("");
        Assert.Equal("", await asked);
        Assert.Equal("", await again);

        // Who keeps the store already says so at once.
        Assert.Equal("", await appointments.AppointAsync([], "again", CancellationToken.None));
    }

    [Fact]
    public async Task One_that_cannot_be_is_answered_with_why_and_the_next_is_another()
    {
        var appointments = new Appointments();
        var asked = appointments.AppointAsync([], "one", CancellationToken.None);
        appointments.Answer("its port is taken");
        Assert.Equal("its port is taken", await asked);
        Assert.False(appointments.Next.IsCompleted);
    }

    [Fact]
    public void Only_one_that_keeps_the_store_can_be_dismissed()
    {
        var appointments = new Appointments();
        appointments.Dismiss("too early");
        appointments.Answer("");
        Assert.False(appointments.Dismissed.IsCompleted);
        appointments.Dismiss("enough");
        Assert.True(appointments.Dismissed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_retirement_ends_when_others_serve()
    {
        var appointments = new Appointments();
        Assert.Equal("", await appointments.RetireAsync(CancellationToken.None));
        appointments.Answer("");
        var retiring = appointments.Retiring;
        var asked = appointments.RetireAsync(CancellationToken.None);
        await retiring;
        Assert.False(asked.IsCompleted);
        appointments.Retired();
        Assert.Equal("", await asked);
        Assert.False(appointments.Retiring.IsCompleted);
    }
}
