using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>A vision transformer with prompts whose products and attention multiply rounded numbers, as on tensor cores.</summary>
internal sealed class RoundedTransformer
{
    private readonly ClassifierGraph _classifier;
    private readonly DataflowGraph _packedStep;

    public RoundedTransformer(VitSpec vit, int prompts, int classes, TrainedSet trained)
    {
        TokenPromptSpec deep = new(prompts, Enumerable.Range(0, vit.Layers).ToEquatableArray(), PromptFlow.Carry);
        Spec = new(new("Rounded", "Tuner", "public"), vit, deep, new ClassifierHeadSpec(classes), trained);
        _classifier = ClassifierGraph.Build(Spec);
        DataflowGraph forward = PassList.Forward.Apply(_classifier.Graph);
        Step = PassList.Whole.Apply(ReverseMode.Differentiate(forward.For(ResultRole.Logits, ResultRole.Losses)));
        _packedStep = PackSaved.Run(Step);
    }

    public ModelSpec Spec { get; }

    /// <summary>A training step as it is emitted.</summary>
    public DataflowGraph Step { get; }

    /// <summary>Parameters that keep sizes as they are from layer to layer, as trained ones do.</summary>
    public Dictionary<string, double[]> Draw(Random random) => _classifier.Parameters.ToDictionary(p => p.Name, p =>
    {
        bool isScale = p.Initializer is { Distribution: Programs.Distribution.Constant, Value: 1 };
        double deviation = p.TensorShape.Count > 1 ? 1 / Math.Sqrt(p.Count / (double)p.TensorShape[0]) : 0.02;
        return Enumerable.Range(0, (int)p.Count).Select(_ => (double)(float)((isScale ? 1 : 0) + (deviation * Normal(random)))).ToArray();
    });

    /// <summary>Products that follow each other from images to logits, where most do: attention is two.</summary>
    public int ProductsInSequence()
    {
        var before = new Dictionary<Value, int>();
        foreach (Node node in Step.Nodes)
        {
            int own = node.Operation switch { Product => 1, Attention => 2, _ => 0 };
            int all = own + node.Inputs.Select(i => before[i]).DefaultIfEmpty(0).Max();
            foreach (Value output in node.Outputs.OfType<Value>())
                before[output] = all;
        }

        return before[Step.Results.Single(r => r.Role == ResultRole.Logits).Value];
    }

    /// <param name="inputs">Parameters and images.</param>
    /// <param name="precision">What products and attention multiply.</param>
    /// <param name="packsSaved">Whether what the backward pass reads of the forward pass is kept in bfloat16.</param>
    public Evaluation Evaluate(GraphInputs inputs, Precision precision, bool packsSaved = false) =>
        GraphInterpreter.Evaluate(packsSaved ? _packedStep : Step, inputs, precision);

    /// <summary>Of mean 0 and deviation 1.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
