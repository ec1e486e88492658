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

    /// <summary>Fits, or goes on where a run before was stopped.</summary>
    public FitReport Fit(Tuner tuner, IImageSource train, IImageSource validation, FitOptions options)
    {
        using var interruption = Interruption.Begin();
        return tuner.Fit(train, validation, options with { Checkpoint = new Checkpoint(Path) }, interruption.Token);
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
            throw new IOException($"{e.Message} What was trained is in {Path}: run the same command again to write it from there.", e);
        }

        if (checkpoint is null)
            File.Delete(Path);
    }
}
