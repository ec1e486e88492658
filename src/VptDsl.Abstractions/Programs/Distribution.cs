namespace VptDsl.Programs;

/// <summary>What a parameter is drawn from when no file provides it.</summary>
public enum Distribution
{
    /// <summary>Every element has the same value.</summary>
    Constant,

    /// <summary>Uniform on [-value, value].</summary>
    Uniform,

    /// <summary>Normal with mean 0.</summary>
    Normal,

    /// <summary>Uniform on [0, value].</summary>
    Fraction,

    /// <summary>
    /// Sines and cosines of a patch's column and row, for positions of shape [1, tokens, width]; zeros where no patch is.
    /// </summary>
    SineCosine,

    /// <summary>
    /// Sines and cosines by which a head's halves are turned (<see cref="RotaryEmbedding.Halves"/>), of shape
    /// [rows, columns, 2 * head].
    /// </summary>
    RotaryHalves,

    /// <summary>The same for neighbouring channels (<see cref="RotaryEmbedding.Pairs"/>).</summary>
    RotaryPairs,

    /// <summary>In every row the backbone's class token, plus a normal deviation of its own.</summary>
    ClassToken,

    /// <summary>Normal with mean 0, and a variance of value over the rows: Kaiming's over the fan-out, where value is 2.</summary>
    FanOut,
}
