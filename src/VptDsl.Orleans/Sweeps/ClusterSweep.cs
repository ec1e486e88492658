using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using VptDsl.Common;
using VptDsl.Orleans.Grains;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans;

/// <summary>
/// A <see cref="Sweep"/> whose runs are made by the silos of a cluster: the same recipe, the same results file, the same numbers.
/// </summary>
/// <remarks>
/// The cluster keeps the plan and the results, so that the sweep goes on whatever ends, this process included: run it again and it goes on
/// with what was found meanwhile. Results are in the file in the order of a sweep on one machine, whoever was first. An instance is for one
/// call at a time.
/// </remarks>
/// <param name="cluster">The cluster: a client of it, or a silo's own.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="text">What the silos' <see cref="ISweepOpener"/> makes models and images of.</param>
/// <param name="work">What it is made to here: what silos make is compared with it.</param>
/// <param name="results">The results file; its directory must exist, and all silos must see it: checkpoints lie there.</param>
public sealed class ClusterSweep(IGrainFactory cluster, Recipe recipe, string text, SweepWork work, string results)
{
    private readonly IGrainFactory _cluster = cluster ?? throw new ArgumentNullException(nameof(cluster));
    private readonly Recipe _recipe = recipe ?? throw new ArgumentNullException(nameof(recipe));
    private readonly string _text = text ?? throw new ArgumentNullException(nameof(text));
    private readonly SweepWork _work = work ?? throw new ArgumentNullException(nameof(work));
    private readonly string _results = Path.GetFullPath(results ?? throw new ArgumentNullException(nameof(results)));

    /// <summary>Steps between two checkpoints of a run, at least 1.</summary>
    public int CheckpointEverySteps { get; init; } = 500;

    /// <summary>Which of several sweeps is given devices first: the larger number; 0 unless set.</summary>
    public int Priority { get; init; }

    /// <summary>How often the cluster is asked how far the sweep is; half a second unless set.</summary>
    public TimeSpan AskEvery { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Called when a trial has ended; not for those that the file already has.</summary>
    public Action<Trial>? TrialCompleted { get; init; }

    /// <summary>Called with what the cluster says of the sweep, every time that it is asked.</summary>
    public Action<SweepView>? Progressed { get; init; }

    /// <summary>
    /// Called when the cluster has not answered for half a minute; again only after it has. The sweep waits until it does; for five
    /// minutes where it could not even be ordered.
    /// </summary>
    public Action? Unreached { get; init; }

    /// <summary>How long nobody may answer until <see cref="Unreached"/> is called.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a sweep is ordered, at the beginning, of a cluster that does not answer.</summary>
    internal TimeSpan BeginningPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Runs what the results file does not have yet.</summary>
    /// <param name="cancellation">Stops the sweep on the cluster, its runs between two steps; run it again to go on.</param>
    /// <exception cref="ArgumentException">The recipe makes no sense, or no pixel of the test images' label maps counts.</exception>
    /// <exception cref="InvalidOperationException">Every trial diverged, or a run cannot be made; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The sweep was stopped.</exception>
    /// <exception cref="IOException">
    /// The results file cannot be used (it is damaged, another sweep's, in use, or cannot be written), or the cluster did not answer for
    /// five minutes when the sweep was to begin.
    /// </exception>
    public async Task<SweepReport> RunAsync(CancellationToken cancellation = default)
    {
        if (RecipeJson.Problem(_recipe) is { } problem)
            throw new ArgumentException($"The recipe {_recipe.Name} makes no sense: {problem}.", nameof(recipe));
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointEverySteps, 1);
        using RunLock held = RunLock.Take(_results);
        string description = new SweepRunner(_recipe, _work.Create, _work.Images).Describe();
        SweepResults file = SweepResults.Open(_results, description);
        string key = KeyOf(description);
        ISweepGrain sweep = _cluster.GetGrain<ISweepGrain>(key);
        var silence = new Silence(TimeProvider.System, Patience, Unreached);
        try
        {
            await SubmitAsync(key, description, file.Found.Lines, BeginningPatience, silence, cancellation);
            SweepReport report = await CollectAsync(sweep, key, description, file, silence, cancellation);
            await TellAsync(() => sweep.CollectAsync());
            Sweep.ClearLeftovers(_results, _recipe);
            return report;
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            await TellAsync(() => sweep.StopAsync());
            throw new OperationCanceledException(
                $"The sweep was stopped. What it found is in {_results}: start it again in the same way, and it goes on from there.", e,
                e.CancellationToken);
        }
    }

    /// <summary>What all sweeps of a cluster are at, those that are over included, in the order in which they are given devices.</summary>
    /// <param name="cluster">The cluster: a client of it, or a silo's own.</param>
    public static async Task<ImmutableArray<SweepView>> ViewAsync(IGrainFactory cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return await cluster.GetGrain<ISweepBoardGrain>(0).ViewAsync();
    }

    /// <summary>
    /// Tells how far all sweeps of a cluster are, again and again, until told to stop. Where nobody answers, as when a silo has just gone,
    /// it asks again after the same time.
    /// </summary>
    /// <param name="cluster">The cluster: a client of it, or a silo's own.</param>
    /// <param name="every">The time between two answers.</param>
    /// <param name="cancellation">Ends the answers.</param>
    public static async IAsyncEnumerable<ImmutableArray<SweepView>> FollowAsync(
        IGrainFactory cluster, TimeSpan every, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        while (!cancellation.IsCancellationRequested)
        {
            if (await TryViewAsync(cluster) is { } sweeps)
                yield return sweeps;
            await Task.Delay(every, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<ImmutableArray<SweepView>?> TryViewAsync(IGrainFactory cluster)
    {
        try
        {
            return await ViewAsync(cluster);
        }
        catch (Exception e) when (!IsRefusal(e))
        {
            // As in AskAsync: there is an answer later. A client that was disposed of never has one.
            return null;
        }
    }

    /// <summary>One sweep for a results file: another file is another sweep, though it be of the same.</summary>
    private string KeyOf(string description) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{description}\n{_results}")))[..32];

    /// <summary>Submits the sweep. The board's silo may just have gone; submitted twice is submitted once.</summary>
    /// <param name="patience">How long the cluster is asked again; null for as long as it takes.</param>
    private async Task SubmitAsync(
        string key, string description, IEnumerable<string> found, TimeSpan? patience, Silence silence, CancellationToken cancellation)
    {
        var order = new SweepOrder
        {
            Description = description,
            Recipe = _recipe.ToJson(),
            Work = _text,
            Measures = _work.Images.Measures,
            Results = _results,
            CheckpointEverySteps = CheckpointEverySteps,
            Priority = Priority,
            Version = LibraryVersion.Text,
        };
        string[] known = [.. found];
        ISweepBoardGrain board = _cluster.GetGrain<ISweepBoardGrain>(0);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                // Not left behind when the sweep is stopped: it would begin after the cluster is told to stop it.
                await board.SubmitAsync(key, order, known);
                silence.Heard();
                return;
            }
            catch (Exception e) when (!IsRefusal(e))
            {
                if (Stopwatch.GetElapsedTime(start) > patience)
                    throw new IOException($"The cluster cannot be reached: {e.Message} Look after its silos and their store.", e);
                silence.Missed();
            }

            await Task.Delay(AskEvery, cancellation);
        }
    }

    /// <summary>Writes results as the cluster has them, each when it is its turn.</summary>
    private async Task<SweepReport> CollectAsync(
        ISweepGrain sweep, string key, string description, SweepResults file, Silence silence, CancellationToken cancellation)
    {
        var plan = new SweepPlan(_recipe, _work.Images.Measures);
        var there = new SweepFindings();
        int known = 0;
        while (plan.Next(file.Found) is { IsEmpty: false })
        {
            await Task.Delay(AskEvery, cancellation);
            (bool isReached, SweepView? view) = await AskAsync(sweep, known);
            if (!isReached)
            {
                silence.Missed();
                continue;
            }

            silence.Heard();
            if (view is null)
            {
                // Its store was lost, or somebody cleared it.
                await SubmitAsync(key, description, file.Found.Lines.Concat(there.Lines), patience: null, silence, cancellation);
                known = 0;
                continue;
            }

            foreach (string line in view.Lines)
                there.Add(SweepLine.TryParse(line)!);
            // A store that lost its last second has other lines at these places: then all, and once more at the end.
            known = view.Phase == SweepPhase.Done || view.Ended < known ? 0 : known + view.Lines.Length;
            Write(plan, there, file);
            Progressed?.Invoke(view);
            RequireGoingOn(view);
        }

        return plan.Report(file.Found);
    }

    private void Write(SweepPlan plan, SweepFindings there, SweepResults file)
    {
        while (plan.Next(file.Found) is [var run, ..] && there.Find(run) is { } line)
        {
            file.Add(line);
            if (line.Trial is { } trial)
                TrialCompleted?.Invoke(trial);
        }
    }

    private static void RequireGoingOn(SweepView view)
    {
        if (view.Phase == SweepPhase.Failed)
            throw new InvalidOperationException($"The sweep cannot be ended. {view.Problem}");
        if (view.Phase == SweepPhase.Stopped)
            throw new InvalidOperationException("The sweep was stopped by somebody else: start it again in the same way, and it goes on.");
    }

    /// <summary>Asks how far the sweep is. Silos go and stores are started anew: then there is no answer now, and one later.</summary>
    private static async Task<(bool IsReached, SweepView? View)> AskAsync(ISweepGrain sweep, int known)
    {
        try
        {
            return (true, await sweep.ViewAsync(known));
        }
        catch (Exception)
        {
            return (false, null);
        }
    }

    /// <summary>Whether the board has said no. All else comes of silos and stores on the way, which go and come back.</summary>
    private static bool IsRefusal(Exception e) => e is InvalidOperationException or ArgumentException;

    /// <summary>Tells the cluster what is so already: it may have to be told twice, while a silo goes or a store is started anew.</summary>
    private async Task TellAsync(Func<Task> tell)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            try
            {
                await tell().WaitAsync(Patience);
                return;
            }
            catch (Exception)
            {
                // Whoever cannot be reached cannot be told: a wish to stop was obeyed here, and results are in their file.
                await Task.Delay(AskEvery);
            }
        }
    }
}
