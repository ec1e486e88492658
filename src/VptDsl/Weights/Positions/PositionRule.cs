namespace VptDsl.Weights;

/// <summary>How position embeddings are brought to another image size than they were trained for.</summary>
public enum PositionRule
{
    /// <summary>
    /// Bicubic with a = -0.5, widened where the grid shrinks (antialiasing), pixel centres at halves: as timm's
    /// <c>resample_abs_pos_embed</c> does through PyTorch's <c>interpolate(mode="bicubic", antialias=True)</c>.
    /// </summary>
    BicubicAntialias,

    /// <summary>
    /// Bilinear with the corners of both grids at the same places: as the paper's public code does with Google's checkpoints,
    /// through SciPy's <c>ndimage.zoom(order=1)</c>.
    /// </summary>
    BilinearCorners,
}
