namespace Mgmt.Engine.Kinds;

/// <summary>One kind of resource: its name, its fields, its own checks, and how to make a resource of it.</summary>
public abstract class Kind
{
    /// <summary>The name in the graph file, in lower case: <c>file</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for the documentation.</summary>
    public abstract string Summary { get; }

    /// <summary>The fields, without <c>name</c> and <c>meta</c>, which every kind has.</summary>
    public abstract FieldSet Fields { get; }

    /// <summary>
    /// Checks that concern several fields together, on values that each passed their own. Touches nothing of the host.
    /// </summary>
    public virtual IEnumerable<FieldProblem> Check(string name, FieldValues values) => [];

    /// <summary>
    /// What of the host the resource has for itself, as people would name it (<c>/etc/motd</c>), or null. Two resources of a kind with one claim would undo each other's work for ever, so a
    /// graph with them is refused.
    /// </summary>
    public virtual string? Claim(ResourceSpec spec) => null;

    /// <summary>What a resource is tied to by automatic edges, from its fields alone: touches nothing of the host.</summary>
    public virtual Ties Tie(ResourceSpec spec) => Ties.None;

    /// <summary>
    /// Whether two resources of this kind may be grouped, as far as the kind is concerned. The answer sorts the resources into classes: it is the same both ways, and
    /// who may be grouped with one of a class may be with all of it. Of a resource that is never grouped it is false even with itself.
    /// </summary>
    public virtual bool CanGroup(ResourceSpec one, ResourceSpec other) => false;

    /// <summary>
    /// Whether who exports a resource of this kind has something run, started or installed on the hosts that collect it: they have to say that they accept it.
    /// </summary>
    public virtual bool RunsForExporter => true;

    /// <summary>
    /// Whether the name itself says what of the host is meant, as a package's does, so that it is kept where the resource is collected. Other names only tell resources apart, and those of
    /// several exporters get their hosts' names added.
    /// </summary>
    public virtual bool NameIsTheThing => false;

    /// <summary>
    /// What keeps a resource from being exported, beyond <see cref="Check"/>; it is asked again where the resource is collected, as peers may send anything. Touches nothing of the host.
    /// </summary>
    public virtual IEnumerable<FieldProblem> CheckExport(string name, FieldValues values) => [];

    /// <summary>
    /// Checks the pattern of an entry that collects this kind; "" where none is written. The answer is null when it is right, else the end of a sentence, as of <see cref="Field.Check"/>.
    /// </summary>
    public virtual string? CheckPattern(string pattern) => pattern.Length == 0 ? null : $"resources of the kind {Name} are taken as they are; remove it";

    /// <summary>What the values that an exporter wrote become where they are collected. Only of values and a pattern that are right by all checks.</summary>
    public virtual FieldValues Collect(string name, FieldValues values, string pattern) => values;

    /// <summary>Makes the resource. Touches nothing of the host: that begins with the resource's watch and check.</summary>
    public abstract IResource Create(ResourceSpec spec);
}

/// <summary>A mistake in a resource's fields.</summary>
/// <param name="Field">The field to point at, or null for the resource as a whole.</param>
/// <param name="Message">A whole sentence that begins with "cannot", without the address, which the loader adds.</param>
public sealed record FieldProblem(Field? Field, string Message);
