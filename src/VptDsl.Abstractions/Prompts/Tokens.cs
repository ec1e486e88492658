using static VptDsl.Prompts.PromptMethods;

namespace VptDsl.Prompts;

/// <summary>
/// Tokens in a prompt method: a matrix <c>[rows, columns]</c> that all images share, or one for each image, <c>[batch, rows, columns]</c>.
/// </summary>
/// <remarks>Its members stand for operations of the model. The generator reads them; they never run.</remarks>
public sealed class Tokens
{
    private Tokens()
    {
    }

    /// <summary>How many tokens there are, a constant while the model is compiled.</summary>
    public int Rows => throw NeverRun();

    /// <summary>How wide a token is, a constant while the model is compiled.</summary>
    public int Columns => throw NeverRun();

    /// <summary>The sum, element by element; a single row that all images share is added to every row of <paramref name="left"/>.</summary>
    /// <param name="left"><c>[rows, columns]</c>, with a batch or without.</param>
    /// <param name="right">The same, or <c>[1, columns]</c> without a batch.</param>
    public static Tokens operator +(Tokens left, Tokens right) => throw NeverRun();

    /// <summary>The sum, as the operator.</summary>
    /// <param name="left"><c>[rows, columns]</c>, with a batch or without.</param>
    /// <param name="right">The same, or <c>[1, columns]</c> without a batch.</param>
    public static Tokens Add(Tokens left, Tokens right) => throw NeverRun();

    /// <summary>σ(gate) · a + (1 − σ(gate)) · b, with the logistic function σ.</summary>
    /// <param name="gate">One number, <c>[1, 1]</c>, without a batch.</param>
    /// <param name="a"><c>[rows, columns]</c>, with a batch or without.</param>
    /// <param name="b">The same rows and columns, with a batch or without.</param>
    public static Tokens Blend(Tokens gate, Tokens a, Tokens b) => throw NeverRun();

    /// <summary>Every column times a factor of its own.</summary>
    /// <param name="factors"><c>[1, columns]</c> without a batch.</param>
    public Tokens ScaleColumns(Tokens factors) => throw NeverRun();

    /// <summary>A linear layer without a bias, <c>[rows, outputs]</c>: x · weightᵀ.</summary>
    /// <param name="weight"><c>[outputs, columns]</c> without a batch.</param>
    public Tokens Linear(Tokens weight) => throw NeverRun();

    /// <summary>A linear layer, <c>[rows, outputs]</c>: x · weightᵀ + bias.</summary>
    /// <param name="weight"><c>[outputs, columns]</c> without a batch.</param>
    /// <param name="bias"><c>[1, outputs]</c> without a batch.</param>
    public Tokens Linear(Tokens weight, Tokens bias) => throw NeverRun();

    /// <summary>Each token with mean 0 and variance 1 (plus 1e-6), then scaled and shifted.</summary>
    /// <param name="scale"><c>[1, columns]</c> without a batch.</param>
    /// <param name="shift"><c>[1, columns]</c> without a batch.</param>
    public Tokens LayerNorm(Tokens scale, Tokens shift) => throw NeverRun();

    /// <summary>The exact GELU, x·Φ(x), of every element.</summary>
    public Tokens Gelu() => throw NeverRun();

    /// <summary>Consecutive tokens, <c>[count, columns]</c>.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    public Tokens Slice(int start, int count) => throw NeverRun();

    /// <summary>These tokens and others behind them, <c>[rows + others, columns]</c>.</summary>
    /// <param name="others"><c>[others, columns]</c>, with a batch or without.</param>
    public Tokens Append(Tokens others) => throw NeverRun();
}
