namespace VptDsl.Weights;

/// <summary>
/// That the kernels of the patch embedding were brought from the checkpoint's patches to the model's: to those that make of an enlarged
/// patch what the old ones made of the patch, as near as can be (FlexiViT, Beyer et al., 2023), as timm does.
/// </summary>
/// <param name="From">Pixels along a side of the checkpoint's patches.</param>
/// <param name="To">Pixels along a side of the model's patches.</param>
public sealed record PatchKernelResampling(int From, int To)
{
    /// <summary>What speaks against it, in a sentence.</summary>
    internal string Hint => FormattableString.Invariant(
        $"The weights were trained on patches of {From} pixels, the model's are of {To}: unless that is meant, declare Patch = {From}.");

    /// <summary>In words, for a log.</summary>
    public override string ToString() =>
        $"patch kernels resampled from {From}x{From} to {To}x{To} (pseudo-inverse of bicubic, antialiased)";
}
