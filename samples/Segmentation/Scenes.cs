using QuickStart;
using VptDsl.Data;

namespace Segmentation;

/// <summary>The scenes of the comparison.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">Choose the best epoch.</param>
/// <param name="Test">Looked at once, at the end; their digits are in no other scene.</param>
internal sealed record Scenes(SegmentationSet Train, SegmentationSet Validation, SegmentationSet Test)
{
    private const int TrainCount = 600, ValidationCount = 100, TestCount = 200;

    /// <summary>Draws the scenes from the digits in a folder; the run's seed does not change them.</summary>
    public static Scenes Draw(string folder)
    {
        Digits digits = Digits.Read(folder);
        return new Scenes(
            new SceneRenderer(digits.Train, Digits.Normalization).Draw(TrainCount, seed: 1),
            new SceneRenderer(digits.Validation, Digits.Normalization).Draw(ValidationCount, seed: 2),
            new SceneRenderer(digits.Test, Digits.Normalization).Draw(TestCount, seed: 3));
    }
}
