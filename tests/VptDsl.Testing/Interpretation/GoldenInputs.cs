using VptDsl.Testing.Golden;

namespace VptDsl.Testing.Interpretation;

/// <summary>A golden case as inputs of a graph.</summary>
internal static class GoldenInputs
{
    public static GraphInputs From(GoldenCase golden) => new(
        golden.Batch,
        golden.Parameters.ToDictionary(p => p.Key, p => Widen(p.Value.Values)),
        Widen(golden.Images),
        golden.Labels)
    {
        ImageWeights = golden.ClassWeights.Length == 0 ? [] : [.. golden.Labels.Select(label => (double)golden.ClassWeights[label])],
    };

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);
}
