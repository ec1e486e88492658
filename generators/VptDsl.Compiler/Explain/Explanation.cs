using System.Globalization;
using System.Text;
using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Explain;

/// <summary>Says what the compiler removed from a training step, and why that changes no result.</summary>
internal static class Explanation
{
    /// <summary>The report as plain text, a table with one line for each thing removed.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="declared">Its forward pass as the builder wrote it.</param>
    /// <param name="training">The whole training step.</param>
    /// <param name="encoding">The part of it that is computed once a run, if any.</param>
    /// <param name="model">What became of it.</param>
    public static string Of(ModelSpec spec, DataflowGraph declared, DataflowGraph training, DataflowGraph? encoding, CompiledModel model)
    {
        DataflowGraph joined = ReverseMode.Differentiate(ClassifierGraph.BuildJoined(spec).Graph);
        var stages = new List<(string What, Work Work)>();
        stages.Add(("one sequence through every sub-layer, image by image", Work.OfEager(joined)));
        stages.Add(("without what no result depends on", Work.OfEager(RemoveDead.Run(ReverseMode.Differentiate(declared)))));
        stages.Add(("without rows that nothing reads", Work.OfEager(training)));
        stages.Add(("with what depends on no image once a step", Work.Of(training)));

        var text = new StringBuilder();
        text.Append(spec.Describe()).Append('\n').Append('\n');
        text.Append("A training step                                      GFLOP an image   forward  backward   once a step\n");
        foreach (var (what, work) in stages)
            Row(text, what, work);
        if (encoding is not null && model.Features is { } features)
        {
            Work once = Work.Of(encoding);
            Work rest = Work.Of(training);
            Row(text, "from the second epoch on, from kept features", new(rest.Forward - once.Forward, rest.Backward, rest.PerStep));
            text.Append('\n').Append($"Kept features of an image: {features.Rows} × {features.Columns}, {Bytes(4 * features.Count)}.\n");
        }

        long values = joined.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => v.Shape.Batched).Sum(v => 4 * v.Shape.Count);
        text.Append('\n');
        text.Append("Memory an image: ").Append(Bytes(4 * model.Training.FloatsPerImage))
            .Append(" planned; all values computed, each in a place of its own: ")
            .Append(Bytes(values)).Append(".\n");
        text.Append("Parameters: ").Append(Count(model.Parameters.TrainedFloats)).Append(" trained, ")
            .Append(Count(model.Parameters.FrozenNumbers)).Append(" frozen.\n");
        if (spec.FrozenWeights == WeightStorage.BFloat16)
            text.Append(OfFrozenWeights(model.Parameters)).Append('\n');
        if (model.Parameters.FoldedFloats > 0)
            text.Append("Computed from frozen parameters, once: ").Append(Count(model.Parameters.FoldedFloats)).Append(" numbers.\n");
        return text.ToString();
    }

    /// <summary>What is multiplied where, in a line.</summary>
    /// <param name="precision">What tensor cores multiply.</param>
    /// <param name="products">
    /// How many kinds of products and attention the model has, and how many of them kernels for tensor cores; null where it has no kernels.
    /// </param>
    /// <param name="packsSaved">Whether a step keeps something for its backward pass in bfloat16.</param>
    public static string OfPrecision(Precision precision, (int All, int OnTensorCores)? products, bool packsSaved)
    {
        string share = products is { } kinds
            ? $"Tensor cores compute {Count(kinds.OnTensorCores)} of {Count(kinds.All)} kinds of products and attention; they multiply "
            : "Tensor cores multiply ";
        string elsewhere = packsSaved
            ? "On every device, the CPU among them, what the backward pass reads of the forward pass is kept in bfloat16; "
                + "everything else is float32 where there are no tensor cores."
            : "On all other devices, the CPU among them, everything is float32.";
        return $"{share}{Words(precision)}, and sums are float32. {elsewhere}";
    }

    /// <summary>What of the frozen weights memory holds in bfloat16, in a line.</summary>
    private static string OfFrozenWeights(ParameterPlan parameters) => parameters.NumbersInPairs == 0
        ? "No frozen weight is in bfloat16: there is none that products alone read."
        : $"Frozen weights in bfloat16: {Count(parameters.NumbersInPairs)} of {Count(parameters.FrozenNumbers)} numbers; "
            + $"all frozen ones take {Bytes(4 * parameters.FrozenFloats)} instead of {Bytes(4 * parameters.FrozenNumbers)}.";

    private static string Words(Precision precision) => precision switch
    {
        Precision.Float32 => "floats as sums of two of 11 bits (Float32)",
        Precision.TensorFloat32 => "floats rounded to 11 bits (TensorFloat32)",
        Precision.BFloat16 => "floats rounded to 8 bits (BFloat16)",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This precision has no words yet."),
    };

    private static void Row(StringBuilder text, string what, Work work) => text
        .Append(what.PadRight(53))
        .Append(Giga(work.PerImage).PadLeft(14))
        .Append(Giga(work.Forward).PadLeft(10))
        .Append(Giga(work.Backward).PadLeft(10))
        .Append(Giga(work.PerStep).PadLeft(14))
        .Append('\n');

    private static string Giga(long operations) => (operations / 1e9).ToString("F3", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes < 1_000_000
        ? (bytes / 1e3).ToString("F1", CultureInfo.InvariantCulture) + " kB"
        : (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture) + " MB";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
