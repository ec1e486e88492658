using VptDsl.Data;

namespace Study;

/// <summary>The images of a task in the splits that a sweep needs.</summary>
/// <param name="Train">What trials learn from.</param>
/// <param name="Validation">What trials are judged by.</param>
/// <param name="Everything">Both together, for the final runs.</param>
/// <param name="Test">What final runs are measured on.</param>
internal sealed record StudyData(IImageSource Train, IImageSource Validation, IImageSource Everything, IImageSource Test)
{
    private const long SplitSeed = 0;

    /// <summary>A share of the labelled images, with as many of every class, four fifths of it to learn from.</summary>
    /// <param name="task">Whose images.</param>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="fraction">Above 0, at most 1.</param>
    public static StudyData Read(StudyTask task, string folder, double fraction)
    {
        (IImageSource labelled, IImageSource test) = task.ReadAll(folder);
        IImageSource part = fraction < 1
            ? Split.Stratified(labelled, (int)Math.Round(fraction * labelled.Count), SplitSeed).First
            : labelled;
        (Subset train, Subset validation) = Split.Stratified(part, part.Count * 4 / 5, SplitSeed);
        return new StudyData(train, validation, part, test);
    }
}
