using VptDsl.Compiler.Graph;

namespace VptDsl.Testing.Interpretation;

/// <summary>What every value of a graph came to for certain inputs.</summary>
internal sealed class Evaluation(DataflowGraph graph, IReadOnlyDictionary<Value, BatchMatrix> values)
{
    public DataflowGraph Graph { get; } = graph;

    public BatchMatrix this[Value value] => values[value];

    public BatchMatrix Logits => Single(ResultRole.Logits);

    /// <summary>What the head reads, [batch, 1, width].</summary>
    public BatchMatrix Embedding => Single(ResultRole.Embedding);

    /// <summary>The mean of the images' losses: what is differentiated.</summary>
    public double Loss => Single(ResultRole.Losses).Elements.Average();

    /// <summary>The gradient of each parameter that gets one, put together from the gradients of its slices.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients()
    {
        var gradients = new Dictionary<string, double[]>();
        foreach (Result result in Graph.Results.Where(r => r.Role == ResultRole.Gradient))
        {
            ParameterSlice slice = result.Parameter!;
            if (!gradients.TryGetValue(slice.Parameter.Name, out double[]? whole))
                gradients.Add(slice.Parameter.Name, whole = new double[slice.Parameter.Count]);
            double[] part = this[result.Value].Elements;
            for (int i = 0; i < part.Length; i++)
                whole[slice.Offset + i] += part[i];
        }

        return gradients;
    }

    /// <summary>The next value of each parameter that steps measure.</summary>
    public IReadOnlyDictionary<string, double[]> Statistics() => Graph.Results.Where(r => r.Role == ResultRole.Statistic)
        .ToDictionary(r => r.Parameter!.Parameter.Name, r => this[r.Value].Elements);

    private BatchMatrix Single(ResultRole role) => this[Graph.Results.Single(r => r.Role == role).Value];
}
