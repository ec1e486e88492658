using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>
/// Where a model is cut into what runs once for an image and what runs in every epoch: as late as nothing trained is below.
/// </summary>
public sealed class FeatureCutTests
{
    private const int Layers = 12, Width = 768, Tokens = 197;

    [Theory]
    [InlineData(6)]
    [InlineData(3)]
    [InlineData(11)]
    public void With_prompts_from_a_layer_on_the_features_are_that_layers_input(int first)
    {
        CompiledModel model = Analyze(new(Tokens: 50, Enumerable.Range(first, Layers - first).ToEquatableArray(), PromptFlow.Carry));

        Assert.Equal(new(Batched: true, Tokens, Width), model.Features);
        Assert.Equal(first, AttentionsIn(model.Encoding!));
        Assert.Equal(Layers - first, AttentionsIn(model.Training));
        Assert.Equal(Layers - first, AttentionsIn(model.Inference));
    }

    [Fact]
    public void Without_prompts_the_features_are_what_the_head_reads()
    {
        CompiledModel model = Analyze(prompts: null);

        Assert.Equal(new(Batched: true, 1, Width), model.Features);
        Assert.Equal(Layers, AttentionsIn(model.Encoding!));
        Assert.Equal(0, AttentionsIn(model.Training));
    }

    [Fact]
    public void With_prompts_in_the_first_layer_only_the_embedding_is_below_and_is_not_worth_keeping()
    {
        CompiledModel model = Analyze(new(Tokens: 50, EquatableArray.Of(0), PromptFlow.Carry));

        Assert.Null(model.Features);
        Assert.Null(model.Encoding);
    }

    private static CompiledModel Analyze(TokenPromptSpec? prompts) => ModelCompiler.Analyze(new(
        new("Cut", "Tuner", "public"),
        new VitSpec(Image: 224, Channels: 3, Patch: 16, Width, Layers, Heads: 12, Mlp: 3072),
        prompts,
        new ClassifierHeadSpec(Classes: 10),
        TrainedSet.PromptsAndHead));

    private static int AttentionsIn(ProgramPlan plan) => plan.Steps.Count(s => s.Call.Operation is Attention);
}
