using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Pkg;

namespace Mgmt.Resources.Tests.Pkg;

/// <summary>Names, fields, and what follows from a wish and the facts.</summary>
public sealed class PkgDecisionTests
{
    [Theory]
    [InlineData("installed", "absent", null, PkgAct.Install, "not installed")]
    [InlineData("installed", "1", null, PkgAct.None, "")]
    [InlineData("installed", "broken", null, PkgAct.Install, "half installed")]
    [InlineData("uninstalled", "absent", null, PkgAct.None, "")]
    [InlineData("uninstalled", "1", null, PkgAct.Remove, "1 is installed")]
    [InlineData("uninstalled", "broken", null, PkgAct.Remove, "half installed")]
    [InlineData("1", "1", null, PkgAct.None, "")]
    [InlineData("2", "1", null, PkgAct.Install, "1 is installed")]
    [InlineData("2", "absent", null, PkgAct.Install, "not installed")]
    [InlineData("newest", "absent", null, PkgAct.Install, "not installed")]
    [InlineData("newest", "1", null, PkgAct.Ask, "")]
    [InlineData("newest", "1", "", PkgAct.None, "")]
    [InlineData("newest", "1", "1", PkgAct.None, "")]
    [InlineData("newest", "1", "2", PkgAct.Update, "1 is installed")]
    [InlineData("newest", "held", "2", PkgAct.None, "")]
    [InlineData("2", "held", null, PkgAct.Install, "1 is installed")]
    public void What_is_to_be_done(string state, string there, string? newest, object act, string wrong)
    {
        var facts = there switch
        {
            "absent" => InstalledPackage.Absent,
            "broken" => new InstalledPackage(PackageState.Broken, "1", "all", IsHeld: false),
            _ => new InstalledPackage(PackageState.Installed, "1", "all", IsHeld: there == "held"),
        };
        var verdict = PkgDecision.Decide(new PkgWish(new PackageName("a", ""), state, default), facts, newest);
        Assert.Equal(((PkgAct)act, wrong), (verdict.Act, verdict.Wrong));
    }

    [Theory]
    [InlineData("powertop", null)]
    [InlineData("g++", null)]
    [InlineData("libstdc++6:i386", null)]
    [InlineData("Mesa_libGL.x", null)]
    [InlineData("", "it is empty")]
    [InlineData(":i386", "it is empty")]
    [InlineData("a;b", "';' is not allowed in the name of a package")]
    [InlineData("a b", "' ' is not allowed in the name of a package")]
    [InlineData("-rf", "it begins with '-'")]
    [InlineData("../x", "it begins with '.'")]
    [InlineData("a/b", "'/' is not allowed in the name of a package")]
    [InlineData("a:", "it ends with \":\"; leave that out, or write an architecture after it")]
    [InlineData("a:b:c", "':' is not allowed in the name of an architecture")]
    public void A_name_is_checked(string name, string? wrong) => Assert.Equal(wrong, PackageName.Check(name));

    [Theory]
    [InlineData("installed", true)]
    [InlineData("newest", true)]
    [InlineData("1:2.0~rc1-3+b2", true)]
    [InlineData("2.fc40^1_x", true)]
    [InlineData("instaled", false)]
    [InlineData("", false)]
    [InlineData("1;2", false)]
    [InlineData("-1", false)]
    [InlineData("1 2", false)]
    public void A_state_is_a_word_or_a_version(string state, bool isRight) => Assert.Equal(isRight, PkgFields.State.Check(state) is null);

    [Fact]
    public async Task Only_those_that_want_the_same_are_grouped()
    {
        await using var bus = new Linux.Bus.BusConnection(Linux.Bus.BusAddress.At("unix:path=/nowhere"));
        await using var watcher = new Linux.Inotify.PathWatcher();
        await using var spawner = new Linux.Processes.Spawner();
        var kind = new PkgKind(bus, watcher, spawner, TimeProvider.System);
        Assert.True(kind.CanGroup(Spec("a"), Spec("b", (PkgFields.State, "installed"))));
        Assert.True(kind.CanGroup(Spec("a", (PkgFields.State, "newest")), Spec("b", (PkgFields.State, "newest"))));
        Assert.False(kind.CanGroup(Spec("a"), Spec("b", (PkgFields.State, "newest"))));
        Assert.False(kind.CanGroup(Spec("a", (PkgFields.State, "1.0")), Spec("b", (PkgFields.State, "1.0"))));
        Assert.False(kind.CanGroup(Spec("a"), Spec("b", (PkgFields.AllowUntrusted, true))));

        ResourceSpec Spec(string name, params (Field Field, object Value)[] fields) =>
            new(new Address("pkg", name), kind, new FieldValues(kind.Fields, fields.ToDictionary(one => one.Field, one => one.Value)), Meta.Default, default);
    }
}
