using VptDsl.Compiler.Backbones;
using VptDsl.Programs;
using VptDsl.Testing.Golden;

namespace VptDsl.Testing.Interpretation;

/// <summary>A golden case as inputs of a graph.</summary>
internal static class GoldenInputs
{
    public static GraphInputs From(GoldenCase golden) => new(
        golden.Batch,
        golden.Parameters.Select(p => (p.Key, Widen(p.Value.Values))).Concat(Computed(golden)).ToDictionary(p => p.Item1, p => p.Item2),
        Widen(golden.Images),
        golden.Labels)
    {
        ImageWeights = golden.ClassWeights.Length == 0 ? [] : [.. golden.Labels.Select(label => (double)golden.ClassWeights[label])],
    };

    /// <summary>What is in no file.</summary>
    private static IEnumerable<(string, double[])> Computed(GoldenCase golden) => ClassifierGraph.Build(golden.Spec).Parameters
        .Where(p => p.Kind == ParameterKind.Computed).Select(p => (p.Name, p.Initializer.Distribution == Distribution.Constant
            ? [.. Enumerable.Repeat(p.Initializer.Value, (int)p.Count)]
            : RotaryAngles.Table(p)));

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);
}
