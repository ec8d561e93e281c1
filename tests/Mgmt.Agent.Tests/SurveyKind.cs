using System.Threading.Channels;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Agent.Tests;

/// <summary>A kind whose answers the test gives. It notes when it is asked twice at the same time.</summary>
internal sealed class SurveyKind : Kind, ISurveyor
{
    private static readonly Field<string> Value = new("value", FieldType.Text, "Any text.", "");
    private static readonly FieldSet OwnFields = new(Value);

    private readonly Channel<Question> _questions = Channel.CreateUnbounded<Question>();
    private int _asked;

    public event EventHandler? Outdated;

    public override string Name => "surveyed";

    public override string Summary => "Asks the test.";

    public override FieldSet Fields => OwnFields;

    public bool WasAskedTwiceAtOnce { get; private set; }

    public int Asked { get; private set; }

    public bool TiesOthersOnly { get; set; }

    public bool IsListenedTo => Outdated is not null;

    public ResourceSpec Spec(string name, string value = "") => new(
        new Address(Name, name), this, new FieldValues(OwnFields, new Dictionary<Field, object> { [Value] = value }), Meta.Default, default);

    public override IResource Create(ResourceSpec spec) => throw new InvalidOperationException("nothing is run here");

    public void RaiseOutdated() => Outdated?.Invoke(this, EventArgs.Empty);

    /// <summary>The next question.</summary>
    public async Task<Question> QuestionAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _questions.Reader.ReadAsync(deadline.Token);
    }

    public async ValueTask<Survey> SurveyAsync(IReadOnlyList<ResourceSpec> own, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _asked) > 1) WasAskedTwiceAtOnce = true;
        Asked++;
        var question = new Question(own, cancel);
        _questions.Writer.TryWrite(question);
        try
        {
            return await question.Answer.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }
    }

    internal sealed record Question(IReadOnlyList<ResourceSpec> Own, CancellationToken Cancel)
    {
        public TaskCompletionSource<Survey> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Names => string.Join(' ', Own.Select(spec => spec.Address.Name));

        /// <summary>Answers that each of its resources comes after the one that is named.</summary>
        public void SetAfter(string name) => Answer.SetResult(new Survey(Own.ToDictionary(
            spec => spec.Address,
            spec => new Ties([Identity.Path(spec.Address.Name)], [new EdgeWish([Identity.Path(name)])]))));

        public void SetMissing(string why) => Answer.SetResult(Survey.Empty with { Missing = why });
    }
}
