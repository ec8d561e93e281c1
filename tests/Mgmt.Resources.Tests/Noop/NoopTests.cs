using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Noop;

namespace Mgmt.Resources.Tests.Noop;

public sealed class NoopTests
{
    [Fact]
    public async Task Is_always_in_order()
    {
        var kind = new NoopKind();
        var noop = kind.Create(new ResourceSpec(new Address("noop", "n"), kind, new FieldValues(kind.Fields), Meta.Default, default));
        Assert.Null(await noop.WatchAsync(new Exec.Sink(), default));
        foreach (var reason in Enum.GetValues<CheckReasons>())
        {
            Assert.Equal(CheckResult.InOrder, await noop.CheckAsync(new CheckRequest(Apply: true, reason), default));
        }
    }
}
