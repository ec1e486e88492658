namespace VptDsl.Weights;

/// <summary>That position embeddings were brought from the checkpoint's grid of patches to the model's; both grids are square.</summary>
/// <param name="From">Patches along a side of the checkpoint's images.</param>
/// <param name="To">Patches along a side of the model's images.</param>
/// <param name="Rule">How those between were found. The class token's own row stays as it is.</param>
public sealed record PositionResampling(int From, int To, PositionRule Rule)
{
    /// <summary>In words, for a log.</summary>
    public override string ToString()
    {
        string rule = Rule == PositionRule.BicubicAntialias ? "bicubic, antialiased" : "bilinear, corners aligned";
        return $"positions resampled from {From}x{From} to {To}x{To} ({rule})";
    }
}
