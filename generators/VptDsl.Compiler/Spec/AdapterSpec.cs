namespace VptDsl.Compiler.Spec;

/// <summary>A bottleneck after each layer's MLP: x + up(GELU(down(x))), inside the residual branch.</summary>
/// <param name="Reduction">How many times narrower than the tokens it is.</param>
internal sealed record AdapterSpec(int Reduction)
{
    /// <summary>In one line, with a space before it.</summary>
    public string Identity => $" adapter(reduction={Reduction})";

    /// <summary>The width of the bottleneck.</summary>
    public int Width(int tokens) => tokens / Reduction;
}
