namespace VptDsl.Compiler.Spec;

/// <summary>Learned pixels around every image.</summary>
/// <param name="Pixels">Pixels on each side.</param>
/// <param name="Start">What they are drawn from, which also says whether they are colours.</param>
internal sealed record PadPromptSpec(int Pixels, PixelStart Start) : PromptSpec
{
    public override string Identity => $"pad(pixels={Pixels},start={Start})";

    public override string Describe(BackboneSpec backbone) => $"{Pixels} learned pixels around the image";

    /// <summary>Above and below the image over the new width, and left and right of it.</summary>
    public override double ParameterCount(BackboneSpec backbone) =>
        2.0 * Pixels * backbone.Channels * ((double)backbone.Image.Height + backbone.Image.Width + (2.0 * Pixels));
}
