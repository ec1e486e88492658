namespace VptDsl.Compiler.Spec;

/// <summary>A small network on the patches of the image, beside the backbone: σ(α) · features + (1 − σ(α)) · side.</summary>
/// <param name="Width">The width of its hidden layers.</param>
/// <param name="Patch">The side of a patch in pixels.</param>
internal sealed record SideSpec(int Width, PlaneSize Patch)
{
    /// <summary>In one line, with a space before it.</summary>
    public string Identity => $" side(width={Width},patch={Patch})";

    /// <summary>Its parameters. A double never overflows.</summary>
    public double ParameterCount(BackboneSpec backbone) =>
        1 + (Width * ((backbone.Channels * Patch.Area) + 1)) + (Width * (Width + 1.0)) + ((double)Width * backbone.FeatureWidth);
}
