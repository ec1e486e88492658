using System.Globalization;
using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tool.Shell;

/// <summary>A run that no signal and no crash loses: it is saved beside its result until that is written.</summary>
/// <param name="result">The file that the run is for; its folder must be there (<see cref="OutputPlace.Prepare(FileInfo)"/>).</param>
/// <param name="checkpoint">Where to save instead, for good; null for beside the result, until that is written.</param>
internal sealed class SavedRun(FileInfo result, FileInfo? checkpoint = null)
{
    /// <summary>The file that the run is saved to.</summary>
    public string Path { get; } = checkpoint?.FullName ?? result.FullName + ".checkpoint";

    /// <summary>Whether the run's end is nowhere but in the model.</summary>
    private bool _isUnsaved;

    /// <summary>Fits, or goes on where a run before was stopped. The result of one whose last save fails may still find room.</summary>
    /// <exception cref="InvalidOperationException">Training diverged; nothing is left beside the result.</exception>
    public FitReport Fit(Tuner tuner, IImageSource train, IImageSource validation, FitOptions options)
    {
        using var interruption = Interruption.Begin();
        try
        {
            return tuner.Fit(train, validation, options with { Checkpoint = new Checkpoint(Path) }, interruption.Token);
        }
        catch (UnsavedResultException e)
        {
            Errors.Say($"warning: {e.InnerException!.Message} The run has ended; {result} is written without it, if there is room.");
            _isUnsaved = true;
            return e.Report;
        }
        catch (TrainingDivergedException e)
        {
            // Another rate is another run, which would not go on from this one's checkpoint.
            if (checkpoint is null)
                File.Delete(Path);
            string others = checkpoint is null ? "" : $", and delete {checkpoint}, which holds this run";
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Training diverged in epoch {e.Epoch}, step {e.Step}, at learning rate {e.LearningRate:G4}: "
                        + $"give a lower --rate, a tenth for instance{others}. "
                        + $"If this is the very first step, look for NaN in the images or the loaded weights."), e);
        }
    }

    /// <summary>Writes the result, and then needs no checkpoint any more.</summary>
    /// <exception cref="IOException">It cannot be written; the trained state is kept.</exception>
    public void Write(Action<string> save)
    {
        try
        {
            save(result.FullName);
        }
        catch (IOException e)
        {
            throw new IOException($"{e.Message} {Remedy()}", e);
        }

        if (checkpoint is null)
            File.Delete(Path);
    }

    private string Remedy()
    {
        if (!_isUnsaved)
            return $"What was trained is in {Path}: run the same command again to write it from there.";
        return File.Exists(Path)
            ? $"{Path} has the run up to its last save: the same command goes on from there, and so does one with another --task and with "
                + $"--checkpoint {Path}."
            : "Nothing of the run is saved: the same command, or one with another --task, trains anew.";
    }
}
