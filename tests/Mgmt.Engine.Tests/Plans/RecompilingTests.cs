using CsCheck;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Plans.Views;

namespace Mgmt.Engine.Tests.Plans;

/// <summary>A plan that is compiled with an older one at hand is the plan that is compiled without.</summary>
public sealed class RecompilingTests
{
    private static readonly string[] Pieces = ["class=a", "class=b", "is=/a/", "is=/b/", "after=/a/,/b/", "after=/b/", "before=/a/", "autoedge=false", "autogroup=false", "sema=x", "sema=y:2"];

    [Fact]
    public void It_is_the_same_as_without() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var (vertices, edges) = Any(random);
            Plan? plan = null;
            for (var round = 0; round < 8; round++)
            {
                var definition = Compiled.Read($"{string.Join(' ', vertices)} | {edges}");
                var surveys = Surveys(random, definition);
                plan = Compiler.Compile(definition, surveys, plan);
                var whole = Compiler.Compile(definition, surveys);
                Assert.Equal(PlanJson.Write(whole), PlanJson.Write(plan));
                Assert.Equal(whole.Resources, plan.Resources);
                Assert.Equal(whole.Warnings, plan.Warnings);
                Assert.True(whole.IsSameAs(plan));
                Change(random, vertices, ref edges);
            }
        },
        iter: 2000,
        threads: 1);

    [Theory]
    [InlineData("a(sema=x) b(class=g) c(class=g) | a>b:e1", "a(sema=y) b(class=g sema=z) c(class=g) | a>b:e1", true)]
    [InlineData("a b | a>b:e1", "a b | a>b:e2", false)]
    [InlineData("a b | a>b:e1", "a b | a=b:e1", false)]
    [InlineData("a b | a>b:e1", "a b | b>a:e1", false)]
    [InlineData("a b", "b a", false)]
    [InlineData("a b", "a", false)]
    [InlineData("a(is=/x/)", "a(is=/y/)", false)]
    [InlineData("a(after=/x/)", "a(after=/y/)", false)]
    [InlineData("a(after=/x/)", "a(after=/x/ autoedge=false)", false)]
    [InlineData("a(class=g)", "a(class=h)", false)]
    [InlineData("a(class=g)", "a(class=g autogroup=false)", false)]
    [InlineData("a", "a(class=g)", false)]
    public void What_changes_no_edge_and_no_group_takes_the_structure_over(string before, string after, bool expected)
    {
        var plan = Compiled.Of(before);
        Assert.Equal(expected, ReferenceEquals(plan.Structure, Compiler.Compile(Compiled.Read(after), previous: plan).Structure));
    }

    [Fact]
    public void Where_it_was_written_does_not_count()
    {
        var definition = Compiled.Read("a b | a>b:e1");
        var moved = definition with
        {
            Resources = [.. definition.Resources.Select(spec => spec with { Place = new Place("x", 7, 1) })],
            Edges = [.. definition.Edges.Select(edge => edge with { Place = new Place("x", 9, 1) })],
        };
        var plan = Compiler.Compile(definition);
        Assert.Same(plan.Structure, Compiler.Compile(moved, previous: plan).Structure);
    }

    [Fact]
    public void Surveys_add_to_what_the_fields_say()
    {
        var definition = Compiled.Read("p f(after=/a/) d(is=/a/) s");
        var survey = new Survey(new Dictionary<Address, Ties>
        {
            [new Address("test", "p")] = new([], [new EdgeWish([Identity.Path("/a/")], WishOrder.Before), new EdgeWish([Identity.Path("nothing")])]),
            [new Address("test", "s")] = new([Identity.Path("nothing else")], [new EdgeWish([Identity.Path("/x"), Identity.Path("/a/")], Notify: true)]),
            [new Address("test", "gone")] = new([Identity.Path("nothing")], []),
        });
        Assert.Equal("d f p s | d=s:/a/? d>f:/a/? p>d:/a/?", Compiled.Text(Compiler.Compile(definition, [Survey.Empty, survey])));
    }

    [Fact]
    public void Bonds_tie_those_that_know_nothing_of_each_other()
    {
        var definition = Compiled.Read("a(is=/1) b(is=/2) c(is=/3 autoedge=false) s(is=u) t(is=u) | s>b:e");
        Bond[] bonds = [new([Identity.Path("/1"), Identity.Path("/2"), Identity.Path("/3")], [Identity.Path("u")], Notify: true), new(NotRead(), [Identity.Path("/4")], Notify: false)];
        var plan = Compiler.Compile(definition, [Survey.Empty with { Bonds = [bonds[0]] }, Survey.Empty with { Bonds = [bonds[1]] }]);
        Assert.Equal("a b c s t | a=s:/1? a=t:/1? b=t:/2? s>b:e", Compiled.Text(plan));
        Assert.Contains("Test[b] -> Test[s]", Assert.Single(plan.Warnings), StringComparison.Ordinal);

        static IEnumerable<Identity> NotRead()
        {
            yield return Identity.Path("/1");
            Assert.Fail("nobody is behind the bond");
        }
    }

    private static (List<string> Vertices, string Edges) Any(Random random)
    {
        var vertices = Enumerable.Range(0, random.Next(1, 9)).Select(i => Vertex(random, i)).ToList();
        return (vertices, Edges(random, vertices.Count));
    }

    private static string Vertex(Random random, int name)
    {
        var pieces = Pieces.Where(_ => random.Next(4) == 0).DistinctBy(piece => piece[..piece.IndexOf('=', StringComparison.Ordinal)]).ToList();
        return pieces.Count == 0 ? $"n{name}" : $"n{name}({string.Join(' ', pieces)})";
    }

    private static string Edges(Random random, int count) => string.Join(' ',
        from a in Enumerable.Range(0, count) from b in Enumerable.Range(a + 1, count - a - 1) where random.Next(6) == 0 select $"n{a}{(random.Next(2) == 0 ? '>' : '=')}n{b}:e{random.Next(3)}");

    private static void Change(Random random, List<string> vertices, ref string edges)
    {
        var at = random.Next(vertices.Count);
        if (random.Next(6) > 0) vertices[at] = Vertex(random, at);
        else edges = Edges(random, vertices.Count);
    }

    private static List<Survey> Surveys(Random random, Definition definition) => random.Next(3) > 0 ? [] :
    [
        new Survey(definition.Resources.Where(_ => random.Next(3) == 0).ToDictionary(
            spec => spec.Address,
            spec => new Ties([], [new EdgeWish([Identity.Path("/b/")], WishOrder.Before)]))),
    ];
}
