using CsCheck;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Plans.Views;
using Mgmt.Graphs;

namespace Mgmt.Engine.Tests.Plans;

/// <summary>What holds of every plan with groups, over random graphs. A failure names its seed.</summary>
public sealed class GroupPropertyTests
{
    private static readonly string[] Classes = ["a", "b", "c", ""];

    [Fact]
    public void Groups_keep_what_the_graph_says() => Gen.Int.Sample(seed => Hold(new Random(seed)), iter: 3000, threads: 1);

    private static void Hold(Random random)
    {
        var given = Any(random);
        var plan = Compiler.Compile(given);
        var groupOf = plan.Vertices.SelectMany((vertex, i) => vertex.Members.Select(member => (member.Address, i))).ToDictionary(pair => pair.Address, pair => pair.i);
        Assert.Equal(given.Resources.Select(spec => spec.Address).ToHashSet(), groupOf.Keys.ToHashSet());
        Assert.Equal(given.Resources.Count, plan.Vertices.Sum(vertex => vertex.Members.Count));
        Assert.NotNull(plan.Shape.TopologicalOrder());
        var drawn = new Digraph(plan.Vertices.Count, plan.Edges.Select(edge => (edge.From, edge.To)));
        for (var a = 0; a < drawn.Count; a++)
        {
            for (var b = 0; b < drawn.Count; b++) Assert.Equal(plan.Shape.Reaches(a, b), drawn.Reaches(a, b));
        }

        Assert.Equal(plan.Edges.Count, plan.Edges.Select(edge => (edge.From, edge.To)).Distinct().Count());
        Assert.Equal(given.Edges.Select(edge => edge.Name).ToHashSet(), plan.Edges.SelectMany(edge => edge.Names).ToHashSet());

        var input = Shape(given);
        for (var a = 0; a < input.Count; a++)
        {
            for (var b = 0; b < input.Count; b++) Compare(a, b);
        }

        Assert.Equal(PlanJson.Write(plan), PlanJson.Write(Compiler.Compile(Shuffled(given, random))));

        void Compare(int a, int b)
        {
            var (groupA, groupB) = (groupOf[given.Resources[a].Address], groupOf[given.Resources[b].Address]);
            if (a != b && groupA == groupB) Assert.Equal(Class(given.Resources[a]), Class(given.Resources[b]));
            if (input.Reaches(a, b)) Assert.True(plan.Shape.Reaches(groupA, groupB));
            else if (a < b && !input.Reaches(b, a) && groupA != groupB && Class(given.Resources[a]).Length > 0 && Class(given.Resources[a]) == Class(given.Resources[b]))
                Assert.True(plan.Shape.Reaches(groupA, groupB) || plan.Shape.Reaches(groupB, groupA), "two that could be grouped are not");
        }
    }

    private static string Class(ResourceSpec spec) => spec.Values.Get((Engine.Kinds.Field<string>)spec.Kind.Fields[0]);

    private static Definition Any(Random random)
    {
        var count = random.Next(1, 14);
        var density = random.Next(2, 8);
        var names = Enumerable.Range(0, count).Select(i => $"n{(i * 7) + (random.Next(2) * 50)}-{i}").ToArray();
        var vertices = names.Select(name => Classes[random.Next(4)] is { Length: > 0 } one ? $"{name}(class={one})" : name);
        var edges = from a in Enumerable.Range(0, count) from b in Enumerable.Range(a + 1, count - a - 1) where random.Next(density) == 0 select (a, b);
        var written = edges.Select(edge => $"{names[edge.a]}{(random.Next(4) == 0 ? '=' : '>')}{names[edge.b]}:e{random.Next(40)}");
        return Shuffled(Compiled.Read($"{string.Join(' ', vertices)} | {string.Join(' ', written)}"), random);
    }

    private static Definition Shuffled(Definition given, Random random)
    {
        var (resources, edges) = (given.Resources.ToArray(), given.Edges.ToArray());
        random.Shuffle(resources);
        random.Shuffle(edges);
        return given with { Resources = resources, Edges = edges };
    }

    private static Digraph Shape(Definition given)
    {
        var positions = given.Resources.Select((spec, i) => (spec.Address, i)).ToDictionary(pair => pair.Address, pair => pair.i);
        return new Digraph(given.Resources.Count, given.Edges.Select(edge => (positions[edge.From], positions[edge.To])));
    }
}
