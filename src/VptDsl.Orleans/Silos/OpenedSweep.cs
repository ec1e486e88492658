using VptDsl.Orleans.Grains;
using VptDsl.Training;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Orleans.Silos;

/// <summary>A sweep on a silo's device: model and images, which are the ones that it was begun with.</summary>
internal sealed class OpenedSweep
{
    private readonly SweepRunner _runner;

    private OpenedSweep(string key, SweepRunner runner) => (Key, _runner) = (key, runner);

    /// <summary>The key of the sweep's grain.</summary>
    public string Key { get; }

    /// <summary>Opens a sweep.</summary>
    /// <exception cref="InvalidOperationException">What is found here is another model, or other images.</exception>
    public static OpenedSweep Open(RunAssignment assignment, ISweepOpener opener, Device device)
    {
        Recipe recipe = RecipeJson.Read(assignment.Order.Recipe);
        SweepWork work = opener.Open(assignment.Order.Work, recipe, device);
        var runner = new SweepRunner(recipe, work.Create, work.Images);
        string found = runner.Describe();
        return found == assignment.Order.Description ? new OpenedSweep(assignment.Sweep, runner) : throw new InvalidOperationException(
            $"Backbone or images are others here: {found}, and the sweep is {assignment.Order.Description}. "
            + "All silos must see the same files under the same names.");
    }

    /// <summary>Makes a run.</summary>
    public SweepLine Make(RunAssignment assignment, RunCurve curve, CancellationToken cancellation)
    {
        RunCheckpoints checkpoints = CheckpointsOf(assignment);
        Checkpoint checkpoint = checkpoints.Open(assignment.Lease.Attempt, assignment.Order.CheckpointEverySteps);
        var settings = new SweepRunSettings(ProgressDisplay.Off, checkpoint, curve.Add);
        try
        {
            return _runner.Make(RunOf(assignment), settings, finished: null, cancellation);
        }
        catch (WeightFileException e) when (e.FilePath == checkpoint.Path)
        {
            // Damaged, or of a sweep that had this name before: it saves time, and nothing else.
            checkpoints.DeleteAll();
            return _runner.Make(RunOf(assignment), settings, finished: null, cancellation);
        }
    }

    /// <summary>Deletes the checkpoints of a run whose result is noted.</summary>
    public static void Clear(RunAssignment assignment)
    {
        int attempt = assignment.Lease.Attempt;
        CheckpointsOf(assignment).Clear(attempt, kept: assignment.Epochs is null ? null : attempt);
    }

    /// <summary>Deletes the checkpoint of an attempt that nobody goes on from: another one was faster.</summary>
    public static void Drop(RunAssignment assignment) => CheckpointsOf(assignment).Delete(assignment.Lease.Attempt);

    private static RunCheckpoints CheckpointsOf(RunAssignment assignment) => new(assignment.Order.Results, RunOf(assignment).Name);

    private static SweepRun RunOf(RunAssignment assignment) =>
        new(assignment.LearningRate, assignment.WeightDecay, assignment.Seed, assignment.IsFinal, assignment.Epochs);
}
