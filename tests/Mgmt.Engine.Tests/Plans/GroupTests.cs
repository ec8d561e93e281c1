using Mgmt.Engine.Plans;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Engine.Tests.Plans;

public sealed class GroupTests
{
    /// <summary>In these, whose names begin with the same letter may be grouped.</summary>
    [Theory]
    [InlineData("a1 a2", "a1,a2")]
    [InlineData("a1 b1 a2 b2 a3", "a1,a2,a3 b1,b2")]
    [InlineData("a1 a2 | a1>a2:e1", "a1 a2 | a1>a2:e1")]
    [InlineData("a1 x1 a2 | a1>x1:e1 x1>a2:e2", "a1 a2 x1 | a1>x1:e1 x1>a2:e2")]
    [InlineData("a1 a2 a3 | a1>a2:e1", "a1,a3 a2 | a1,a3>a2:e1")]
    [InlineData("a1 a2 a3 | a2>a3:e1", "a1,a2 a3 | a1,a2>a3:e1")]
    [InlineData("a1 b1 a2 b2 | a1>b1:e1 b2>a2:e2", "a1,a2 b1 b2 | a1,a2>b1:e1 b2>a1,a2:e2")]
    public void Pairs_are_taken_in_order_of_their_names(string given, string expected) => Assert.Equal(expected, Group(given));

    [Theory]
    [InlineData("a1 a2 x1 | x1>a1:e1 x1>a2:e2", "a1,a2 x1 | x1>a1,a2:e1,e2")]
    [InlineData("a1 a2 x1 | a1>x1:e1 a2>x1:e2", "a1,a2 x1 | a1,a2>x1:e1,e2")]
    [InlineData("a1 a2 x1 | x1>a1:e x1>a2:e", "a1,a2 x1 | x1>a1,a2:e")]
    [InlineData("a1 a2 x1 | x1>a1:e1 x1=a2:e2", "a1,a2 x1 | x1=a1,a2:e1,e2")]
    [InlineData("a1 a2 x1 x2 | x1>a1:e1 x2>a2:e2", "a1,a2 x1 x2 | x1>a1,a2:e1 x2>a1,a2:e2")]
    public void Edges_are_led_on_to_the_group(string given, string expected) => Assert.Equal(expected, Group(given));

    [Theory]
    [InlineData("a1 b1 x1 a2 | a1>b1:e1 b1>x1:e2 a2>x1:e3", "a1,a2 b1 x1 | a1,a2>b1:e1,e3 b1>x1:e2,e3")]
    [InlineData("x1 b1 a1 a2 | x1>b1:e1 b1>a1:e2 x1>a2:e3", "a1,a2 b1 x1 | b1>a1,a2:e2,e3 x1>b1:e1,e3")]
    [InlineData("x1 x2 x3 a1 a2 | x1>x2:e1 x2>a1:e2 x1>x3:e3 x3>a1:e4 x1>a2:e5", "a1,a2 x1 x2 x3 | x1>x2:e1,e5 x1>x3:e3 x2>a1,a2:e2,e5 x3>a1,a2:e4")]
    [InlineData("x1 x2 x3 x4 a1 a2 | x1>x2:e1 x2>x4:e2 x4>a1:e3 x1>x3:e4 x3>a1:e5 x1>a2:e6", "a1,a2 x1 x2 x3 x4 | x1>x2:e1 x1>x3:e4,e6 x2>x4:e2 x3>a1,a2:e5,e6 x4>a1,a2:e3")]
    [InlineData("x1 x2 a1 a2 | x2>x1:e1 x1>a2:e2 x2>a2:e3", "a1,a2 x1 x2 | x1>a1,a2:e2 x2>a1,a2:e3 x2>x1:e1")]
    [InlineData("x1 x2 a1 a2 a3 | x2>x1:e1 x1>a2:e2 x2>a3:e3", "a1,a2,a3 x1 x2 | x1>a1,a2,a3:e2,e3 x2>x1:e1,e3")]
    public void Names_join_the_way_that_is_there_already(string given, string expected) => Assert.Equal(expected, Group(given));

    [Theory]
    [InlineData("a1 x2 x1 a2 | a1>x2:e1 x2>x1:e2 a2=x1:e3", "a1,a2 x1 x2 | a1,a2=x1:e3 a1,a2>x2:e1 x2>x1:e2")]
    [InlineData("x1 x2 a1 a2 | x1>x2:e1 x2>a1:e2 x1=a2:e3", "a1,a2 x1 x2 | x1=a1,a2:e3 x1>x2:e1 x2>a1,a2:e2")]
    public void A_refresh_is_not_handed_on_by_others(string given, string expected) => Assert.Equal(expected, Group(given));

    [Theory]
    [InlineData("a1(class=a autogroup=false) a2(class=a) a3(class=a)", "a1 a2,a3")]
    [InlineData("a1(class=a) a2(class=a autogroup=false)", "a1 a2")]
    [InlineData("a1 a2", "a1 a2")]
    [InlineData("a1(class=a) a2(class=b)", "a1 a2")]
    public void The_kind_and_the_resource_may_refuse(string given, string expected) => Assert.Equal(expected, Compiled.Text(Compiled.Of(given)));

    [Fact]
    public void Automatic_edges_count_as_others()
    {
        Assert.Equal("d f1,f2 | d>f1,f2:/a/,e1", Compiled.Text(Compiled.Of("d(is=/a/) f1(class=f after=/a/) f2(class=f) | d>f2:e1")));
        Assert.Equal("d f1,f2 | d>f1,f2:/a/?", Compiled.Text(Compiled.Of("d(is=/a/) f1(class=f after=/a/) f2(class=f after=/a/)")));
        Assert.Equal("f1 f2 | f1>f2:/a/?", Compiled.Text(Compiled.Of("f1(class=f is=/a/) f2(class=f after=/a/)")));
    }

    [Fact]
    public void A_group_is_called_by_its_members()
    {
        var plan = Compiled.Of("sl(class=p sema=x:2,b) x1 cowsay(class=p sema=x:2,a) powertop(class=p)");
        Assert.Equal(["Test[autogroup:(cowsay,powertop,sl)]", "Test[x1]"], plan.Vertices.Select(vertex => vertex.Address.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(["a:1", "b:1", "x:2"], plan.Vertices.Single(vertex => vertex.Members.Count == 3).Semaphores.Select(one => one.ToString()));
        Assert.Contains("\"members\": [\n        \"Test[cowsay]\",\n        \"Test[powertop]\",\n        \"Test[sl]\"\n      ]", PlanJson.Write(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_are_left_alone_and_told()
    {
        var resources = Compiled.Read("a1(class=a)").Resources;
        var many = Enumerable.Repeat(resources[0], 60_000).ToList();
        var warnings = new List<string>();
        Assert.Empty(new FirstFitGrouper().Choose(many, new Mgmt.Graphs.Digraph(0, []), warnings));
        Assert.Equal(["cannot group 60000 of 60000 resources: that are too many; each of them runs by itself"], warnings);
    }

    private static string Group(string text)
    {
        var halves = text.Split('|');
        var vertices = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name[0] == 'x' ? name : $"{name}(class={name[0]})");
        return Compiled.Text(Compiled.Of($"{string.Join(' ', vertices)} |{(halves.Length > 1 ? halves[1] : "")}"));
    }
}
