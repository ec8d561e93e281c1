using System.Globalization;
using Mgmt.Engine.Plans;

namespace Mgmt.Engine.Tests.Plans;

public sealed class AutoEdgeTests
{
    [Theory]
    [InlineData("f(after=/a/,/) d(is=/a/)", "d f | d>f:/a/?")]
    [InlineData("f(after=/a/b/,/a/,/) d(is=/a/) r(is=/)", "d f r | d>f:/a/?")]
    [InlineData("f(after=/b/,/) d(is=/a/)", "d f")]
    [InlineData("f(after=/a/) d1(is=/a/) d2(is=/a/)", "d1 d2 f | d1>f:/a/? d2>f:/a/?")]
    [InlineData("f(before=u) s(is=u)", "f s | f=s:u?")]
    [InlineData("f(before=u) s(is=u after=/f) g(is=/f)", "f g s | f=s:u? g>s:/f?")]
    [InlineData("p(is=u before=t) s(is=t after=u)", "p s | p=s:t,u?")]
    public void Wishes_find_the_first_that_others_are(string given, string expected) => Assert.Equal(expected, Compiled.Text(Compiled.Of(given)));

    [Theory]
    [InlineData("d(is=/a/ after=/a/)", "d")]
    [InlineData("d(is=/a/ after=/a/,/) r(is=/)", "d r | r>d:/?")]
    [InlineData("d(is=/a/ after=/a/) e(is=/a/)", "d e | e>d:/a/?")]
    public void Nothing_is_tied_to_itself(string given, string expected) => Assert.Equal(expected, Compiled.Text(Compiled.Of(given)));

    [Theory]
    [InlineData("f(after=/a/ autoedge=false) d(is=/a/)", "d f")]
    [InlineData("f(after=/a/) d(is=/a/ autoedge=false)", "d f")]
    [InlineData("f(after=/a/,/) d(is=/a/ autoedge=false) r(is=/)", "d f r")]
    [InlineData("f(before=u) s(is=u autoedge=false)", "f s")]
    public void Either_end_can_refuse(string given, string expected) => Assert.Equal(expected, Compiled.Text(Compiled.Of(given)));

    [Theory]
    [InlineData("f(after=/a/) d(is=/a/) | d>f:e1", "d f | d>f:e1")]
    [InlineData("f(before=u) s(is=u) | f>s:e1", "f s | f>s:e1")]
    public void What_is_written_wins(string given, string expected) => Assert.Equal(expected, Compiled.Text(Compiled.Of(given)));

    [Theory]
    [InlineData(
        "f(after=/a/) d(is=/a/) | f>d:e1", "d f | f>d:e1",
        "cannot add the automatic edge Test[d] -> Test[f] (auto: /a/): it would close the cycle Test[d] -> Test[f] -> Test[d]; it is left out")]
    [InlineData(
        "f(after=/a/) d(is=/a/) x | f>x:e1 x>d:e2", "d f x | f>x:e1 x>d:e2",
        "cannot add the automatic edge Test[d] -> Test[f] (auto: /a/): it would close the cycle Test[d] -> Test[f] -> Test[x] -> Test[d]; it is left out")]
    [InlineData(
        "a(is=1 after=2) b(is=2 after=1) c(after=1)", "a b c | a>b:1? a>c:1?",
        "cannot add the automatic edge Test[b] -> Test[a] (auto: 2): it would close the cycle Test[b] -> Test[a] -> Test[b]; it is left out")]
    public void What_would_close_a_cycle_is_left_out_and_told(string given, string expected, string warning)
    {
        var plan = Compiled.Of(given);
        Assert.Equal(expected, Compiled.Text(plan));
        Assert.StartsWith(warning, Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_cycles_are_counted()
    {
        var files = Enumerable.Range(0, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i}(after=/a/)"));
        var plan = Compiled.Of($"d(is=/a/) {string.Join(' ', files)} | {string.Join(' ', Enumerable.Range(0, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i}>d:e")))}");
        Assert.Equal(21, plan.Warnings.Count);
        Assert.Equal("cannot add 10 more automatic edges: they would close cycles as well; they are left out", plan.Warnings[^1]);
    }

    [Fact]
    public void A_long_cycle_is_cut()
    {
        var chain = Enumerable.Range(0, 99).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i}>n{i + 1}:e"));
        var plan = Compiled.Of($"{string.Join(' ', Enumerable.Range(1, 98).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i}")))} n0(after=1) n99(is=1) | {string.Join(' ', chain)}");
        Assert.Contains("-> Test[n49] -> … 49 more … -> Test[n99]; it is left out", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_all_edges_between_resources()
    {
        var plan = Compiled.Of("f(after=/a/) d(is=/a/) x | x=f:e1");
        Assert.Equal([(0, false)], plan.Structure.LinksOf(1).ToArray());
        Assert.Equal([(0, true)], plan.Structure.LinksOf(2).ToArray());
    }
}
