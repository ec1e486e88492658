using Microsoft.Extensions.Logging;
using VptDsl.Orleans.Grains;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Silos;

/// <summary>Makes runs on a device, one after the other: asks the board for one, says that it is alive, hands the result over.</summary>
internal sealed partial class SweepWorker(
    string name, Device device, ISweepOpener opener, IGrainFactory grains, SweepSiloOptions options, ILogger log)
{
    /// <summary>How often a run is offered back: if nobody hears of it, it is taken back by itself.</summary>
    private const int MostTries = 5;

    private OpenedSweep? _opened;
    private string _trouble = "";

    /// <summary>Works until told to stop; the run under way is then saved and given back.</summary>
    public async Task WorkAsync(CancellationToken stopping)
    {
        Silence silence = Listen();
        while (!stopping.IsCancellationRequested)
        {
            if (await TakeAsync(silence) is { } assignment)
            {
                await MakeAsync(assignment, stopping);
                // Nobody was asked meanwhile.
                silence = Listen();
            }
            else
            {
                await PauseAsync(options.AskEvery, stopping);
            }
        }
    }

    /// <summary>Asks for a run. The board's silo may have gone, or its store: both come back.</summary>
    private async Task<RunAssignment?> TakeAsync(Silence silence)
    {
        RunAssignment? assignment = null;
        if (await TryAsync(async () => assignment = await grains.GetGrain<ISweepBoardGrain>(0).TakeAsync(name)))
            silence.Heard();
        else
            silence.Missed();
        return assignment;
    }

    /// <summary>Listens for answers from now on, and says it once when there are none for long.</summary>
    private Silence Listen() => new(
        TimeProvider.System, options.WarnAfter, () => HearsNothing(name, (int)options.WarnAfter.TotalSeconds, _trouble));

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
            _ = RenewAsync(sweep, lease, curve, left);
            _ = TryAsync(() => grains.GetGrain<ISweepBoardGrain>(0).HearAsync(name));
        }

        try
        {
            SweepLine line = await run;
            if (await HandOverAsync(sweep, lease, line, curve, stopping))
                OpenedSweep.Clear(assignment);
            measured.Outcome = "done";
            Ends(name, lease.Run);
        }
        catch (Exception e) when (left.IsCancellationRequested)
        {
            // An error on the way out, as of a disk that has no room for the checkpoint, is nobody's but this silo's.
            Leaves(name, lease.Run, e is OperationCanceledException ? null : e);
            bool isWanted = true;
            for (int tries = 1; !await TryAsync(async () => isWanted = await sweep.ReleaseAsync(lease)) && tries < MostTries; tries++)
            {
                if (stopping.IsCancellationRequested)
                    break;
                await PauseAsync(options.AskEvery, stopping);
            }

            if (!isWanted)
                OpenedSweep.Drop(assignment);
        }
        catch (Exception e)
        {
            measured.Outcome = "failed";
            Fails(name, lease.Run, e);
            // As if the silo had died: another makes the run in a while, unless it is one that brings down every silo. This device makes
            // none any more.
            if (device.HasFailed)
                throw;
            await TryAsync(() => sweep.FailAsync(lease, $"{name}: {e.Message}"));
            await PauseAsync(options.AskEvery, stopping);
        }
    }

    private SweepLine Train(RunAssignment assignment, RunCurve curve, CancellationToken cancellation)
    {
        if (_opened?.Key != assignment.Sweep)
            _opened = OpenedSweep.Open(assignment, opener, device);
        return _opened.Make(assignment, curve, cancellation);
    }

    /// <summary>
    /// Says that the run is under way, and leaves it if it is somebody else's. Nobody waits for the answer: one that is lost must not keep
    /// the next word back.
    /// </summary>
    private async Task RenewAsync(ISweepGrain sweep, RunLease lease, RunCurve curve, CancellationTokenSource left)
    {
        bool isOwn = true;
        await TryAsync(async () => isOwn = await sweep.RenewAsync(lease, curve.Now));
        try
        {
            if (!isOwn)
                await left.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }

    /// <summary>Hands a result over, as often as it takes: a store that is down comes back, and the result is worth the wait.</summary>
    /// <returns>Whether it is noted: a sweep that lost its store knows of no run, until somebody orders it again.</returns>
    /// <exception cref="ArgumentException">It is no result, and will be none however often it is handed over.</exception>
    private async Task<bool> HandOverAsync(
        ISweepGrain sweep, RunLease lease, SweepLine line, RunCurve curve, CancellationToken stopping)
    {
        string text = line.ToString();
        bool isNoted = false;
        ArgumentException? refusal = null;
        Silence silence = Listen();
        while (!await TryAsync(NoteAsync))
        {
            silence.Missed();
            stopping.ThrowIfCancellationRequested();
            await PauseAsync(options.AskEvery, stopping);
        }

        return refusal is null ? isNoted : throw refusal;

        async Task NoteAsync()
        {
            try
            {
                isNoted = await sweep.CompleteAsync(lease, text, curve.Now);
            }
            catch (ArgumentException e)
            {
                refusal = e;
            }
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
            _trouble = e.Message;
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
    private partial void Leaves(string worker, string run, Exception? trouble);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} cannot make {Run}.")]
    private partial void Fails(string worker, string run, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Worker} has asked the cluster in vain for {Seconds} seconds, and asks on. The last time: {Problem}")]
    private partial void HearsNothing(string worker, int seconds, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster cannot be asked now.")]
    private partial void CannotAsk(Exception exception);
}
