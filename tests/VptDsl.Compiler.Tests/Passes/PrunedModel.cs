using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>A declaration after the passes, and questions about what is left of it.</summary>
/// <remarks>The sizes tell segments apart by their rows: 1 class token, 5 image tokens, 7 prompts.</remarks>
internal sealed class PrunedModel : PrunedProgram
{
    public const int ImageTokens = 5, PromptTokens = 7, Layers = 4;

    private PrunedModel(ModelSpec spec)
        : base(spec)
    {
    }

    public static PrunedModel Prompted(params int[] layers) => Prompted(PromptFlow.Carry, layers);

    public static PrunedModel PromptedAndDropped(params int[] layers) => Prompted(PromptFlow.Drop, layers);

    public static PrunedModel Linear() => new(Declare(null, TrainedSet.PromptsAndHead));

    public static PrunedModel Full() => new(Declare(null, TrainedSet.Everything));

    /// <summary>What a prompted layer computes of prompts: nodes in the forward pass with an output of as many rows.</summary>
    public static IEnumerable<Node> OfPrompts(DataflowGraph graph, int layer) => graph.Nodes.Where(n =>
        n.Scope.Layer == layer && !n.Scope.Backward && n.Operation is not ReadParameter
        && Outputs(n).Any(o => o.Shape.Rows == PromptTokens));

    public static IEnumerable<Value> Outputs(Node node) => node.Outputs.Where(o => o is not null)!;

    private static PrunedModel Prompted(PromptFlow flow, int[] layers) =>
        new(Declare(new(PromptTokens, layers.ToEquatableArray(), flow), TrainedSet.PromptsAndHead));

    private static ModelSpec Declare(TokenPromptSpec? prompts, TrainedSet trained) => new(
        new("Pruned", "Tuner", "public"),
        new VitSpec(Image: 8, Channels: 3, Patch: 4, Width: 12, Layers, Heads: 3, Mlp: 24),
        prompts,
        new ClassifierHeadSpec(Classes: 3),
        trained);
}
