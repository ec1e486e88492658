namespace VptDsl.Weights;

/// <summary>That position embeddings were brought from the checkpoint's grid of patches to the model's.</summary>
/// <param name="From">The grid of patches of the checkpoint's images; a square unless this library wrote it.</param>
/// <param name="To">That of the model's images.</param>
/// <param name="Rule">How those between were found. The class token's own row stays as it is.</param>
public sealed record PositionResampling(PlaneSize From, PlaneSize To, PositionRule Rule)
{
    /// <summary>In words, for a log.</summary>
    public override string ToString()
    {
        string rule = Rule == PositionRule.BicubicAntialias ? "bicubic, antialiased" : "bilinear, corners aligned";
        return $"positions resampled from {From.Sides} to {To.Sides} ({rule})";
    }
}
