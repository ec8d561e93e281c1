using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Definitions.Tests;

/// <summary>Kinds with the shapes of the real ones: every type of field, a choice, a range, a rule, and a check of several fields.</summary>
internal static class TestKinds
{
    public static FileLike File { get; } = new();

    public static IReadOnlyList<Kind> All { get; } = [new Simple("noop", "Does nothing."), File, new ExecLike(), new TimerLike()];

    private sealed class Simple(string name, string summary) : Kind
    {
        public override string Name => name;

        public override string Summary => summary;

        public override FieldSet Fields { get; } = new();

        public override bool RunsForExporter => false;

        public override IResource Create(ResourceSpec spec) => throw new NotSupportedException();
    }

    internal sealed class FileLike : Kind
    {
        public Field<string> Path { get; } = new("path", FieldType.Text, "Where it is; the name when it is not given.", "");

        public Field<string> Content { get; } = new("content", FieldType.Text, "What is in it.", "");

        public Field<string> Source { get; } = new("source", FieldType.Text, "The file to copy.", "");

        public Field<string> Mode { get; } = new("mode", FieldType.Text, "Its permissions | octal.", "") { Rule = CheckMode };

        public Field<string> State { get; } = new("state", FieldType.Text, "Whether it is there.", "present") { OneOf = ["present", "absent"] };

        public Field<bool> Force { get; } = new("force", FieldType.Boolean, "Replace a directory.", false);

        public override string Name => "file";

        public override string Summary => "A file or a directory.";

        public override FieldSet Fields { get; }

        public FileLike() => Fields = new FieldSet(Path, Content, Source, Mode, State, Force);

        public override bool RunsForExporter => false;

        public override string? CheckPattern(string pattern) => pattern.StartsWith('/') ? null : "it is no directory";

        public override IEnumerable<FieldProblem> CheckExport(string name, FieldValues values) =>
            values.Has(Source) ? [new FieldProblem(Source, "cannot export source: it is on this host alone")] : [];

        public override string? Claim(ResourceSpec spec) => spec.Values.Has(Path) ? spec.Values.Get(Path) : null;

        public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
        {
            if (values.Has(Content) && values.Has(Source))
                yield return new FieldProblem(Source, $"cannot use source \"{values.Get(Source)}\" together with content; remove one of the two");
            if (!values.Has(Path) && !name.StartsWith('/'))
                yield return new FieldProblem(null, $"cannot use \"{name}\" as a path: it is not absolute; give path");
        }

        public override IResource Create(ResourceSpec spec) => throw new NotSupportedException();

        private static string? CheckMode(string mode) =>
            mode.Length is 3 or 4 && mode.All(c => c is >= '0' and <= '7') ? null : "it is not an octal number such as \"0644\"";
    }

    private sealed class ExecLike : Kind
    {
        public override string Name => "exec";

        public override string Summary => "A command.";

        public override FieldSet Fields { get; } = new(
            new Field<string>("cmd", FieldType.Text, "The command.", ""),
            new Field<TextList>("args", FieldType.List, "Its arguments.", TextList.Empty),
            new Field<TextMap>("env", FieldType.Map, "Its environment.", TextMap.Empty),
            new Field<long>("timeout", FieldType.Integer, "Seconds it may take; 0 is any.", 0) { Minimum = 0, Maximum = 1_000_000 });

        public override IResource Create(ResourceSpec spec) => throw new NotSupportedException();
    }

    private sealed class TimerLike : Kind
    {
        public override string Name => "timer";

        public override bool RunsForExporter => false;

        public override string Summary => "A clock.";

        public override FieldSet Fields { get; } = new(
            new Field<long>("interval", FieldType.Integer, "Seconds between events.", 5) { Minimum = 1 },
            new Field<double>("drift", FieldType.Number, "Seconds it may be late.", 0.5) { Minimum = 0, Maximum = 60 });

        public override IResource Create(ResourceSpec spec) => throw new NotSupportedException();
    }
}
