namespace VptDsl.Testing.Interpretation;

/// <summary>Everything that a graph reads.</summary>
/// <param name="Batch">The number of images.</param>
/// <param name="Parameters">Every parameter's elements by its name.</param>
/// <param name="Images">Row-major, [batch, channels, size, size].</param>
/// <param name="Labels">One class for each image, or for each of its pixels.</param>
internal sealed record GraphInputs(int Batch, IReadOnlyDictionary<string, double[]> Parameters, double[] Images, int[] Labels)
{
    /// <summary>What the frozen layers made of the images, [batch, rows, columns]: for programs that start from there.</summary>
    public double[] Features { get; init; } = [];

    /// <summary>How much each image counts in the loss; empty where all count 1.</summary>
    public double[] ImageWeights { get; init; } = [];

    /// <summary>How targets differ from labels, [batch, 4], as the operation that reads it says; empty where they do not.</summary>
    public double[] Softening { get; init; } = [];

    /// <summary>Two whole numbers for each place that drops elements by chance.</summary>
    public double[] Noise { get; init; } = [.. Enumerable.Range(1, 256).Select(i => (double)(i * 65537 % (1 << 24)))];

    /// <summary>The same inputs with one parameter's elements replaced.</summary>
    public GraphInputs With(string parameter, double[] elements) =>
        this with { Parameters = new Dictionary<string, double[]>(Parameters) { [parameter] = elements } };
}
