using Mgmt.Engine;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>
/// The life of one agent after it has read its graph: it exchanges plans, answers signals, and ends when it is told to or has been converged for long enough. One loop owns its
/// state; whatever happens elsewhere reaches it as a message.
/// </summary>
internal sealed class AgentLoop : IDisposable
{
    private static readonly TimeSpan StillWriting = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly AgentOptions _options;
    private readonly AgentInbox _inbox;
    private readonly Runner _runner;
    private readonly TimeProvider _time;
    private readonly Planner _planner;
    private readonly LoopDeeds _deeds;
    private readonly Supervisor _supervisor;
    private ITimer? _convergedTimer;
    private ITimer? _calmTimer;
    private ITimer? _secondLook;
    private int _convergence;
    private bool _isTrimmed;
    private bool _isConverged;

    /// <param name="options">What the user asked for.</param>
    /// <param name="inbox">What happens.</param>
    /// <param name="runner">Asked how all stands, and stopped at the end.</param>
    /// <param name="planner">Makes plans of definitions.</param>
    /// <param name="time">For the timeouts.</param>
    /// <param name="deeds">What it has done by others.</param>
    /// <param name="supervisor">Hears how the agent is.</param>
    public AgentLoop(AgentOptions options, AgentInbox inbox, Runner runner, Planner planner, TimeProvider time, LoopDeeds deeds, Supervisor supervisor) =>
        (_options, _inbox, _runner, _planner, _time, _deeds, _supervisor) = (options, inbox, runner, planner, time, deeds, supervisor);

    /// <summary>Runs until the agent ends, and answers how all resources stand then.</summary>
    /// <param name="first">What to begin with.</param>
    public async Task<RunnerStatus> RunAsync(Definition first)
    {
        PutInForce(_planner.Take(first));
        _supervisor.Ready();
        using var maxRuntime = _options.MaxRuntime is { } most
            ? _time.CreateTimer(_ => _inbox.Post(new AgentMessage.Stop("--max-runtime")), null, most, Timeout.InfiniteTimeSpan)
            : null;
        await foreach (var message in _inbox.ReadAllAsync())
        {
            if (message is AgentMessage.Stop stop) return await StopAsync(stop.Reason);
            await HandleAsync(message);
        }

        throw new InvalidOperationException("the agent's loop has lost its inbox");
    }

    public void Dispose()
    {
        _convergedTimer?.Dispose();
        _calmTimer?.Dispose();
        _secondLook?.Dispose();
    }

    private async Task HandleAsync(AgentMessage message)
    {
        switch (message)
        {
            case AgentMessage.Pulse:
                await _runner.EchoAsync();
                _supervisor.Alive();
                break;
            case AgentMessage.Describe:
                _deeds.Tell(new StatusReport(await _runner.DescribeAsync(), [("agent", _inbox.Count)]));
                break;
            case AgentMessage.Reload reload:
                _supervisor.Reloading();
                Reload(reload.IsSure);
                _supervisor.Ready();
                break;
            case AgentMessage.Collected or AgentMessage.Surveyed or AgentMessage.SurveyLimit or AgentMessage.SurveyOutdated:
                PutInForce(PlanFor(message));
                break;
            default:
                HandleCalm(message);
                break;
        }
    }

    private Plan? PlanFor(AgentMessage message)
    {
        switch (message)
        {
            case AgentMessage.Surveyed answer: return _planner.Take(answer);
            case AgentMessage.SurveyLimit limit: return _planner.Take(limit);
            case AgentMessage.SurveyOutdated news: _planner.Take(news); return null;
            default: return _deeds.Recollect() is { } collected ? _planner.Take(collected) : null;
        }
    }

    private void HandleCalm(AgentMessage message)
    {
        switch (message)
        {
            case AgentMessage.Active:
                ForgetConvergence();
                break;
            case AgentMessage.Converged:
                NoteConvergence();
                break;
            case AgentMessage.Calm calm when calm.Convergence == _convergence:
                _isTrimmed = true;
                _deeds.Trim();
                break;
            // A definition that waits for answers is to be put in force first; then all converges anew.
            case AgentMessage.ConvergedLongEnough since when since.Convergence == _convergence && !_planner.IsWaiting:
            // Told again as long as it is so: what happened here last the mesh may not know yet.
            case AgentMessage.MeshConverged when _isConverged && !_planner.IsWaiting:
                _inbox.Post(new AgentMessage.Stop("--converged-timeout"));
                break;
        }
    }

    private void NoteConvergence()
    {
        ForgetConvergence();
        _isConverged = true;
        if (_options is { ConvergedTimeout: { } wait, ConvergedCluster: false }) AwaitConvergedTimeout(wait, _convergence);
        if (!_isTrimmed) AwaitCalm(_convergence);
    }

    /// <summary>
    /// A file that is written in place is wrong until its writer is done: a mistake counts when it is still there a moment later.
    /// </summary>
    private void Reload(bool isSure)
    {
        _inbox.ReloadBegins();
        _secondLook?.Dispose();
        _secondLook = null;
        if (_deeds.Reload(isSure) is { } definition) PutInForce(_planner.Take(definition));
        else if (!isSure) _secondLook = _time.CreateTimer(_ => _inbox.Post(new AgentMessage.Reload(IsSure: true)), null, StillWriting, Timeout.InfiniteTimeSpan);
    }

    private void PutInForce(Plan? plan)
    {
        if (plan is not null) _deeds.PutInForce(plan);
    }

    private void AwaitConvergedTimeout(TimeSpan wait, int convergence)
    {
        var message = new AgentMessage.ConvergedLongEnough(convergence);
        if (wait == TimeSpan.Zero) _inbox.Post(message);
        else _convergedTimer = _time.CreateTimer(_ => _inbox.Post(message), null, wait, Timeout.InfiniteTimeSpan);
    }

    // Once: later versions of the graph are read by what changed. Without it the first of them would pay for the memory of the first reading.
    private void AwaitCalm(int convergence) =>
        _calmTimer = _time.CreateTimer(_ => _inbox.Post(new AgentMessage.Calm(convergence)), null, Calm, Timeout.InfiniteTimeSpan);

    private void ForgetConvergence()
    {
        _convergence++;
        _isConverged = false;
        _convergedTimer?.Dispose();
        _convergedTimer = null;
        _calmTimer?.Dispose();
        _calmTimer = null;
    }

    private async Task<RunnerStatus> StopAsync(string reason)
    {
        _supervisor.Stopping(reason);
        var status = await _runner.DescribeAsync();
        _deeds.Tell(new StoppingReport(reason, status.Vertices.Count(vertex => vertex.State == VertexState.Running)));
        if (!await _runner.StopAsync(Grace, _inbox.Hurry)) _deeds.Tell(new WarningReport("cannot wait any longer for a check that does not end: it is left behind"));
        return await _runner.DescribeAsync();
    }
}
