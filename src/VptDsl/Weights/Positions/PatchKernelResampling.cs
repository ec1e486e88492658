namespace VptDsl.Weights;

/// <summary>
/// That the kernels of the patch embedding were brought from the checkpoint's patches to the model's: to those that make of an enlarged
/// patch what the old ones made of the patch, as near as can be (FlexiViT, Beyer et al., 2023), as timm does.
/// </summary>
/// <param name="From">The size of the checkpoint's patches in pixels.</param>
/// <param name="To">The size of the model's patches in pixels.</param>
public sealed record PatchKernelResampling(PlaneSize From, PlaneSize To)
{
    /// <summary>What speaks against it, in a sentence.</summary>
    internal string Hint => FormattableString.Invariant(
        $"The weights were trained on patches of {From} pixels, the model's are of {To}: unless that is meant, declare {Declared}.");

    private string Declared => From.IsSquare
        ? $"Patch = {From}"
        : FormattableString.Invariant($"PatchHeight = {From.Height}, PatchWidth = {From.Width}");

    /// <summary>In words, for a log.</summary>
    public override string ToString() =>
        $"patch kernels resampled from {From.Sides} to {To.Sides} (pseudo-inverse of bicubic, antialiased)";
}
