using VptDsl.Data;

namespace Segmentation;

/// <summary>The scenes of the comparison; a run's seed does not change them.</summary>
internal static class Scenes
{
    /// <summary>The numbers that the backbone was pre-trained with, those of its characters and clothes.</summary>
    public static readonly Normalization Normalization = new(mean: 0.32f, deviation: 0.36f);

    /// <summary>To learn from.</summary>
    public static SegmentationSet Train { get; } = SceneRenderer.Draw(800, seed: 1, Normalization);

    /// <summary>Choose the best epoch.</summary>
    public static SegmentationSet Validation { get; } = SceneRenderer.Draw(100, seed: 2, Normalization);

    /// <summary>Looked at once, at the end.</summary>
    public static SegmentationSet Test { get; } = SceneRenderer.Draw(200, seed: 3, Normalization);
}
