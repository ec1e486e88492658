using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;

namespace VptDsl.Compiler.Tests.Graph;

/// <summary>A whole small graph to read: a change of what is computed shows as a difference of these listings.</summary>
public sealed class GraphListingTests
{
    [Fact]
    public void Forward_pass_as_built() => Snapshot.Match(Build(0).ToString());

    [Fact]
    public void Training_step_after_all_passes() => Snapshot.Match(Step(Build(0, 1)).ToString());

    /// <summary>Two stages: blocks with and without a shift, four windows that become one, prompts in every block.</summary>
    [Fact]
    public void Training_step_of_a_Swin_transformer_after_all_passes() => Snapshot.Match(Step(Build(
        new SwinSpec(Image: 16, Channels: 3, Patch: 2, Width: 6, EquatableArray.Of(2, 1), EquatableArray.Of(1, 2), Window: 4), 0, 1, 2))
        .ToString());

    private static DataflowGraph Step(DataflowGraph forward) =>
        PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(forward)));

    private static DataflowGraph Build(params int[] promptedLayers) =>
        Build(new VitSpec(Image: 8, Channels: 3, Patch: 4, Width: 6, Layers: 2, Heads: 2, Mlp: 12), promptedLayers);

    private static DataflowGraph Build(BackboneSpec backbone, params int[] promptedLayers) => ClassifierGraph.Build(new(
        new("Listed", "Tuner", "public"),
        backbone,
        new TokenPromptSpec(Tokens: 3, promptedLayers.ToEquatableArray(), PromptFlow.Carry),
        new ClassifierHeadSpec(Classes: 4),
        TrainedSet.PromptsAndHead)).Graph;
}
