using Microsoft.Extensions.Logging;
using VptDsl.Orleans.Grains;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Silos;

/// <summary>Makes runs on a device, one after the other: asks the board for one, says that it is alive, hands the result over.</summary>
internal sealed partial class SweepWorker(
    string name, Device device, ISweepOpener opener, IGrainFactory grains, SweepSiloOptions options, ILogger log)
{
    private OpenedSweep? _opened;

    /// <summary>Works until told to stop; the run under way is then saved and given back.</summary>
    public async Task WorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await TakeAsync() is { } assignment)
                await MakeAsync(assignment, stopping);
            else
                await PauseAsync(options.AskEvery, stopping);
        }
    }

    private async Task<RunAssignment?> TakeAsync()
    {
        try
        {
            return await grains.GetGrain<ISweepBoardGrain>(0).TakeAsync(name);
        }
        catch (Exception e)
        {
            // The board's silo has gone, or its store has: both come back.
            CannotAsk(e);
            return null;
        }
    }

    private async Task MakeAsync(RunAssignment assignment, CancellationToken stopping)
    {
        ISweepGrain sweep = grains.GetGrain<ISweepGrain>(assignment.Sweep);
        RunLease lease = assignment.Lease;
        using SweepMetrics.RunMeasurement measured = SweepMetrics.Begin(assignment.Order.Description, lease.Run, lease.Attempt);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var curve = new RunCurve();
        Begins(name, lease.Run, lease.Attempt);
        Task<SweepLine> run = Task.Factory.StartNew(
            () => Train(assignment, curve, left.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(run, Task.Delay(options.DeadAfter / 5, CancellationToken.None)) != run)
        {
            if (!await IsOwnAsync(sweep, lease, curve))
                await left.CancelAsync();
        }

        try
        {
            SweepLine line = await run;
            await HandOverAsync(sweep, lease, line, curve, stopping);
            OpenedSweep.Clear(assignment);
            measured.Outcome = "done";
            Ends(name, lease.Run);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            Leaves(name, lease.Run);
            bool isWanted = true;
            await TryAsync(async () => isWanted = await sweep.ReleaseAsync(lease));
            if (!isWanted)
                OpenedSweep.Drop(assignment);
        }
        catch (Exception e)
        {
            measured.Outcome = "failed";
            Fails(name, lease.Run, e);
            await TryAsync(() => sweep.FailAsync(lease, $"{name}: {e.Message}"));
        }
    }

    private SweepLine Train(RunAssignment assignment, RunCurve curve, CancellationToken cancellation)
    {
        if (_opened?.Key != assignment.Sweep)
            _opened = OpenedSweep.Open(assignment, opener, device);
        return _opened.Make(assignment, curve, cancellation);
    }

    /// <summary>Says that the run is under way. Whoever cannot be reached does not say that it is somebody else's.</summary>
    private async Task<bool> IsOwnAsync(ISweepGrain sweep, RunLease lease, RunCurve curve)
    {
        bool isOwn = true;
        await TryAsync(async () => isOwn = await sweep.RenewAsync(lease, curve.Now));
        return isOwn;
    }

    /// <summary>Hands a result over, as often as it takes: a store that is down comes back, and the result is worth the wait.</summary>
    private async Task HandOverAsync(
        ISweepGrain sweep, RunLease lease, SweepLine line, RunCurve curve, CancellationToken stopping)
    {
        while (!await TryAsync(() => sweep.CompleteAsync(lease, line.ToString(), curve.Now)))
        {
            stopping.ThrowIfCancellationRequested();
            await PauseAsync(options.AskEvery, stopping);
        }
    }

    private async Task<bool> TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (Exception e)
        {
            CannotAsk(e);
            return false;
        }
    }

    private static async Task PauseAsync(TimeSpan time, CancellationToken stopping) =>
        await Task.Delay(time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} begins {Run}, attempt {Attempt}.")]
    private partial void Begins(string worker, string run, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} has ended {Run}.")]
    private partial void Ends(string worker, string run);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} leaves {Run} to somebody else.")]
    private partial void Leaves(string worker, string run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} cannot make {Run}.")]
    private partial void Fails(string worker, string run, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster cannot be asked now.")]
    private partial void CannotAsk(Exception exception);
}
