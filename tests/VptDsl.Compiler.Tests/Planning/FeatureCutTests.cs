using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;
using VptDsl.Testing.Interpretation;

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

    /// <summary>
    /// Frozen prompts that are dropped out are noise in training and constants in inference, which could be cut later: but what lies before
    /// a later cut would not be computed at all.
    /// </summary>
    [Fact]
    public void Inference_starts_where_training_does_although_it_depends_on_less()
    {
        ModelSpec spec = DroppedOut(new(Image: 4, Channels: 1, Patch: 2, Width: 4, Layers: 4, Heads: 1, Mlp: 4), from: 1, trainedLayers: 1);

        CompiledModel model = ModelCompiler.Analyze(spec);

        Assert.Equal(1, AttentionsIn(model.Encoding!));
        Assert.Equal(3, AttentionsIn(model.Training));
        Assert.Equal(3, AttentionsIn(model.Inference));
        GraphInputs inputs = PlannedGraph.Draw(spec, seed: 1, batch: 2);
        PlanMachine machine = PlanMachine.Start(model, inputs);
        machine.Run(model.Encoding!.Steps);
        machine.Run(model.Inference.Prepare);
        machine.Run(model.Inference.Steps);
        DataflowGraph whole = ForInference.Run(ClassifierGraph.Build(spec).Graph.For(ResultRole.Logits));
        BatchMatrix expected = GraphInterpreter.Evaluate(whole, inputs).Logits;
        Assert.InRange(RelativeError.Of(machine.Read(model.Inference.Logits!, expected.Shape), expected.Elements), 0, 1e-10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Activations_of_a_head_are_kept_so_that_features_can_be(bool convolutional)
    {
        var spec = new ModelSpec(
            new("Cut", "Tuner", "public"),
            convolutional
                ? new ConvNeXtSpec(32, 3, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(4, 4, 4, 4))
                : new VitSpec(Image: 4, Channels: 1, Patch: 2, Width: 4, Layers: 2, Heads: 1, Mlp: 4),
            Prompts: null,
            new ClassifierHeadSpec(Classes: 3) { HiddenLayers = 1 },
            TrainedSet.PromptsAndHead);

        CompiledModel once = ModelCompiler.Analyze(spec), again = ModelCompiler.Analyze(spec with { Recompute = true });

        Assert.NotNull(once.Features);
        Assert.Equal(once.Features, again.Features);
        Assert.Equal(once.Training.Steps.Count, again.Training.Steps.Count);
    }

    [Fact]
    public void A_backbone_folded_for_each_program_is_the_same_in_both()
    {
        CompiledModel model = ModelCompiler.Analyze(new(
            new("Cut", "Tuner", "public"),
            new ResNetSpec(32, 3, 8, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(8, 8, 8, 8), 1),
            Prompts: null,
            new ClassifierHeadSpec(Classes: 10),
            TrainedSet.PromptsAndHead));

        Assert.NotNull(model.Encoding);
    }

    private static ModelSpec DroppedOut(VitSpec backbone, int from, int trainedLayers) => new(
        new("Cut", "Tuner", "public"),
        backbone,
        new TokenPromptSpec(Tokens: 2, Enumerable.Range(from, backbone.Layers - from).ToEquatableArray(), PromptFlow.Drop)
        {
            Trained = false,
            Dropout = 0.1,
        },
        new ClassifierHeadSpec(Classes: 3),
        new(LastLayers: trainedLayers, Biases: false, ClassToken: false));

    private static CompiledModel Analyze(TokenPromptSpec? prompts) => ModelCompiler.Analyze(new(
        new("Cut", "Tuner", "public"),
        new VitSpec(Image: 224, Channels: 3, Patch: 16, Width, Layers, Heads: 12, Mlp: 3072),
        prompts,
        new ClassifierHeadSpec(Classes: 10),
        TrainedSet.PromptsAndHead));

    private static int AttentionsIn(ProgramPlan plan) => plan.Steps.Count(s => s.Call.Operation is Attention);
}
