using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using VptDsl.Orleans.Silos;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Grains;

/// <summary>A sweep. Which runs there are follows from its results, as in a sweep on one machine.</summary>
internal sealed class SweepGrain(
    [PersistentState("sweep", SweepSilo.Store)] IPersistentState<SweepState> stored, IOptions<SweepSiloOptions> options)
    : Grain, ISweepGrain
{
    /// <summary>How many silos a run may bring down before the sweep ends: it may well be the run.</summary>
    private const int MostLosses = 20;

    /// <summary>How often a run may be an error before the sweep ends, on so many silos or on all that there are.</summary>
    private const int MostFailures = 3;

    private readonly TimeSpan _patience = options.Value.DeadAfter;
    private readonly Dictionary<string, long> _heard = [];
    private readonly Dictionary<string, ImmutableArray<double>> _curves = [];
    // Whoever could not make a run is not given it again at once, nor as long as a silo is there that may be able to.
    private readonly Dictionary<(string Run, string Worker), long> _failed = [];
    private ImmutableArray<string> _silos = [];
    private SweepFindings _found = new();
    private SweepPlan? _plan;

    private SweepState State => stored.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Understand();
        // Those that had a run before this activation have as long as anybody to be heard of.
        foreach (RunState run in State.Runs.Values)
            Hear(run);
        return Task.CompletedTask;
    }

    public async Task StartAsync(SweepOrder order, string[] known)
    {
        bool isAnew = State.Order is null || State.Order.Description != order.Description || State.IsCollected;
        if (isAnew)
            stored.State = new SweepState();
        State.Order = order;
        State.Phase = SweepPhase.Running;
        State.Problem = "";
        foreach (RunState run in State.Runs.Values)
            (run.Losses, run.Failures) = (0, 0);
        _failed.Clear();
        Understand();
        foreach (string line in known)
            Note(line);
        EndIfNothingIsLeft();
        await SaveAsync();
    }

    public async Task<RunOffer> TakeAsync(string worker, ImmutableArray<string> silos)
    {
        if (State.Order is null)
            return new RunOffer(null, IsOver: true);
        _silos = silos;
        // Who asks for a run has none: an answer that it was given one did not arrive.
        RunState[] unheard = [.. State.Runs.Values.Where(run => run.Worker == worker)];
        foreach (RunState run in unheard)
            run.Worker = null;
        bool isChanged = Reclaim() || unheard.Length > 0;
        SweepRun? free = State.Phase == SweepPhase.Running ? Free(worker) : null;
        if (free is not null)
            Give(free, worker);
        if (isChanged || free is not null)
            await SaveAsync();
        return free is null
            ? new RunOffer(null, IsOver: State.Phase != SweepPhase.Running)
            : new RunOffer(Assignment(free), IsOver: false);
    }

    public Task<bool> RenewAsync(RunLease lease, RunProgress progress)
    {
        bool isOwn = State.Phase == SweepPhase.Running && Find(lease) is not null;
        if (isOwn)
        {
            _heard[lease.Run] = Stopwatch.GetTimestamp();
            _curves[lease.Run] = progress.Curve;
        }

        return Task.FromResult(isOwn);
    }

    public async Task<bool> CompleteAsync(RunLease lease, string line, RunProgress progress)
    {
        if (State.Order is null)
            return false;
        if (SweepLine.TryParse(line)?.Key != lease.Run)
            throw new ArgumentException($"This is no result of {lease.Run}: {line}", nameof(line));
        // Whoever was given up and has a result all the same has the same result.
        RunState? run = State.Runs.Values.FirstOrDefault(run => run.Run == lease.Run);
        if (run is not null)
        {
            run.Worker = null;
            run.Curve = [.. progress.Curve];
        }

        Note(line);
        EndIfNothingIsLeft();
        await SaveAsync();
        return true;
    }

    public async Task FailAsync(RunLease lease, string problem)
    {
        if (Find(lease) is not { } run)
            return;
        run.Worker = null;
        run.Failures++;
        _failed[(run.Run, lease.Worker)] = Stopwatch.GetTimestamp();
        if (run.Failures >= MostFailures && WereEnough(FailedOn(lease.Run)))
            End($"{lease.Run} could not be made, {run.Failures} times. The last time: {problem}");
        await SaveAsync();
    }

    public async Task<bool> ReleaseAsync(RunLease lease)
    {
        if (Find(lease) is { } run)
        {
            run.Worker = null;
            await SaveAsync();
        }

        // A trial that paused has a result and goes on all the same.
        return !(_found.Find(lease.Run) is { Trial.Epochs: null } or { Final: not null });
    }

    public async Task StopAsync()
    {
        if (State.Phase != SweepPhase.Running)
            return;
        State.Phase = SweepPhase.Stopped;
        await SaveAsync();
    }

    public async Task CollectAsync()
    {
        State.IsCollected = true;
        await SaveAsync();
    }

    public async Task<bool> ForgetAsync()
    {
        if (State.Phase == SweepPhase.Running || (State.Phase == SweepPhase.Done && !State.IsCollected))
            return false;
        await stored.ClearStateAsync();
        DeactivateOnIdle();
        return true;
    }

    public Task<SweepView?> ViewAsync(int known) => Task.FromResult(State.Order is not { } order ? null : new SweepView
    {
        Description = order.Description,
        Phase = State.Phase,
        Problem = State.Problem,
        Priority = order.Priority,
        Ended = State.Lines.Count,
        Runs = [.. State.Runs.Select(pair => View(pair.Key, pair.Value))],
        Lines = [.. State.Lines.Skip(known)],
    });

    private RunView View(string name, RunState run) => new()
    {
        Name = name,
        Silo = run.Worker ?? "",
        Attempts = run.Attempts,
        Curve = run.Curve.Count > 0 ? [.. run.Curve] : _curves.GetValueOrDefault(run.Run, []),
        Result = _found.Find(run.Run) is { } line ? line.Trial?.ToString() ?? line.Final!.ToString() : "",
    };

    /// <summary>Makes plan and findings of what is stored.</summary>
    private void Understand()
    {
        _found = new SweepFindings();
        _plan = State.Order is { } order ? new SweepPlan(RecipeJson.Read(order.Recipe), order.Measures) : null;
        foreach (string line in State.Lines)
            _found.Add(SweepLine.TryParse(line)!);
    }

    private void Note(string line)
    {
        if (SweepLine.TryParse(line) is not { Key: { } key } parsed || _found.Find(key) is not null)
            return;
        _found.Add(parsed);
        State.Lines.Add(line);
    }

    private void EndIfNothingIsLeft()
    {
        try
        {
            if (_plan!.Next(_found).IsEmpty)
                State.Phase = SweepPhase.Done;
        }
        catch (InvalidOperationException e)
        {
            End(e.Message);
        }
    }

    private void End(string problem) => (State.Phase, State.Problem) = (SweepPhase.Failed, problem);

    /// <summary>Takes runs from those that were not heard of for long.</summary>
    private bool Reclaim()
    {
        RunState[] lost =
        [
            .. State.Runs.Values.Where(run => run.Worker is not null && Stopwatch.GetElapsedTime(_heard[run.Run]) > _patience),
        ];
        foreach (RunState run in lost)
        {
            SweepMetrics.Lost(run.Worker!);
            run.Worker = null;
            run.Losses++;
            if (run.Losses >= MostLosses)
                End($"{run.Run} was given to {run.Losses} silos, and none was heard of again: is there enough memory for it?");
        }

        return lost.Length > 0;
    }

    private SweepRun? Free(string worker) => _plan!.Next(_found).FirstOrDefault(run =>
        State.Runs.GetValueOrDefault(run.Name)?.Worker is null
        && !(_failed.TryGetValue((run.Key, worker), out long when) && Stopwatch.GetElapsedTime(when) < _patience)
        && !(FailedOn(run.Key) is var failed && failed.Contains(WorkerName.SiloOf(worker)) && !IsOnAll(failed)));

    /// <summary>The silos that could not make a run.</summary>
    private HashSet<string> FailedOn(string run) =>
        [.. _failed.Keys.Where(failure => failure.Run == run).Select(failure => WorkerName.SiloOf(failure.Worker))];

    /// <summary>Whether all silos that are there are known, and among these.</summary>
    private bool IsOnAll(HashSet<string> silos) => !_silos.IsEmpty && _silos.All(silos.Contains);

    /// <summary>Whether nobody is left who might make what these silos could not.</summary>
    private bool WereEnough(HashSet<string> silos) => silos.Count >= MostFailures || IsOnAll(silos);

    private void Give(SweepRun free, string worker)
    {
        if (!State.Runs.TryGetValue(free.Name, out RunState? run))
            State.Runs.Add(free.Name, run = new RunState());
        run.Run = free.Key;
        run.Worker = worker;
        run.Attempts++;
        Hear(run);
    }

    private void Hear(RunState run)
    {
        if (run.Worker is not null)
            _heard[run.Run] = Stopwatch.GetTimestamp();
    }

    private RunAssignment Assignment(SweepRun run)
    {
        RunState state = State.Runs[run.Name];
        return new RunAssignment(
            this.GetPrimaryKeyString(), State.Order!, new RunLease(run.Key, state.Attempts, state.Worker!), run.LearningRate,
            run.WeightDecay, run.Seed, run.IsFinal, run.Epochs);
    }

    /// <summary>The run that somebody has; null if it is no longer theirs.</summary>
    private RunState? Find(RunLease lease) => State.Runs.Values.FirstOrDefault(
        run => run.Run == lease.Run && run.Attempts == lease.Attempt && run.Worker == lease.Worker);

    private async Task SaveAsync()
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception)
        {
            // What is in memory is ahead of what is stored: begin again from the latter.
            DeactivateOnIdle();
            throw;
        }
    }
}
