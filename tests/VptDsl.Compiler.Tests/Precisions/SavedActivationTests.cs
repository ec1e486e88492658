using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;
using Xunit.Abstractions;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>
/// Where a model is of bfloat16, its backward pass reads roundings of what the forward pass computed, and nothing else is another; and a
/// step needs less memory for it.
/// </summary>
public sealed class SavedActivationTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds { get; } =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 40), .. RandomDeclarations.OtherKinds], every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gradients_are_those_of_the_step_whose_values_are_rounded_where_they_are(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        var step = new PackedStep(Training(spec));
        GraphInputs inputs = RandomInputs.Draw(spec, seed);
        Evaluation exact = GraphInterpreter.Evaluate(step.Step, inputs), packed = GraphInterpreter.Evaluate(step.Packed, inputs);
        Evaluation rounded = step.RoundedInPlace(inputs);

        Assert.Equal(exact.Logits.Elements, packed.Logits.Elements);
        Assert.Equal(exact.Loss, packed.Loss);
        Assert.Equal(exact.Statistics(), packed.Statistics());
        Assert.Equal(rounded.Gradients(), packed.Gradients());
    }

    /// <remarks>Sums, normalisations' statistics and the loss are of exact values; largest values are found by comparing them.</remarks>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_has_to_be_exact_is_not_packed(int seed)
    {
        var step = new PackedStep(Training(RandomDeclarations.Draw(seed)));
        string[] exact = ["statistics", "logSum", "logits", "labels", "losses", "largest", "counted"];
        foreach (Node node in step.Packed.Nodes.Where(n => n.Scope.Backward))
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                bool isRounded = PackedStep.Root(node.Inputs[i]).Producer.Operation is UnpackPairs;
                Assert.False(isRounded && exact.Contains(node.Operation.InputNames[i]), $"{node} reads a rounding.");
                Assert.False(isRounded && node.Operation is MaxPoolGradient, $"{node} compares a rounding.");
            }
        }

        Assert.All(step.Values, value => Assert.True(value is { Shape.Batched: true, Producer.Scope.Backward: false }, $"{value}"));
    }

    /// <remarks>What waits for nothing but its own part of the model, as the head's values do, stays as it is.</remarks>
    [Fact]
    public void Each_layer_of_a_vision_transformer_packs_what_its_gradients_read()
    {
        var step = new PackedStep(Training(VitB16));

        Assert.Equal(
            ["afterAttention", "attended", "hidden", "queryKeyValue", "tokens"],
            step.Values.Where(v => v.Producer.Scope is { Part: "block", Layer: 5 }).Select(v => v.Name.TrimEnd('2')).Order());
        Assert.DoesNotContain(step.Values, v => v.Producer.Scope.Part == "head");
        Assert.All(
            step.Packed.Nodes.Where(n => n.Operation is UnpackPairs),
            unpacked => Assert.Contains(
                step.Packed.Nodes, n => n.Scope == unpacked.Scope && n.Inputs.Select(PackedStep.Root).Contains(unpacked.Outputs[0]!)));
    }

    [Fact]
    public void An_odd_width_stays_as_it_is()
    {
        var graph = new GraphBuilder();
        VitSpec odd = new(Image: 8, Channels: 1, Patch: 4, Width: 9, Layers: 2, Heads: 3, Mlp: 15);
        var step = new PackedStep(Training(VitB16 with { Backbone = odd, Prompts = Prompts(odd, 3) }));

        Assert.DoesNotContain(
            step.Values, value => value.Shape.Columns % 2 == 1 || value.Name.StartsWith("hidden", StringComparison.Ordinal));
        Assert.Throws<GraphException>(() => graph.One(new PackPairs(), [graph.Images(1, 9)], "packed"));
    }

    /// <remarks>The figures are those of docs/kernels.md.</remarks>
    [Theory]
    [InlineData(false, 69_739_136, 38_567_488)]
    [InlineData(true, 44_921_920, 25_556_032)]
    public void A_step_of_vit_b16_needs_little_more_than_half_the_memory(bool recompute, long before, long after)
    {
        ModelSpec spec = VitB16 with { Recompute = recompute };
        ProgramPlan exact = ModelCompiler.Analyze(spec).Training;
        ProgramPlan packed = ModelCompiler.Analyze(spec with { Precision = Precision.BFloat16 }).Training;

        output.WriteLine($"{4 * exact.FloatsPerImage} → {4 * packed.FloatsPerImage} bytes an image, {exact.SharedFloats} floats a step");
        Assert.Equal((before, after), (4 * exact.FloatsPerImage, 4 * packed.FloatsPerImage));
        Assert.Equal(exact.SharedFloats, packed.SharedFloats);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.TensorFloat32)]
    public void No_other_precision_packs(Precision? precision) =>
        Assert.False(ModelCompiler.Analyze(VitB16 with { Precision = precision }).PacksSaved);

    [Fact]
    public void A_linear_probe_saves_nothing_and_packs_nothing() => Assert.False(ModelCompiler.Analyze(
        VitB16 with { Prompts = null, Precision = Precision.BFloat16 }).PacksSaved);

    /// <remarks>
    /// Each gradient by its root mean square, in a model of four layers whose weights keep sizes from layer to layer. A rounding is off by
    /// 2⁻⁸ of a number at most, and of many they cancel.
    /// </remarks>
    [Fact]
    public void Gradients_are_off_by_about_a_rounding()
    {
        VitSpec vit = new(Image: 32, Channels: 3, Patch: 8, Width: 64, Layers: 4, Heads: 4, Mlp: 256);
        var model = new RoundedTransformer(vit, prompts: 8, classes: 10, TrainedSet.PromptsAndHead);
        var random = new Random(11);
        var inputs = new GraphInputs(
            4, model.Draw(random), [.. Enumerable.Range(0, 4 * 3 * 32 * 32).Select(_ => RoundedTransformer.Normal(random))], [0, 1, 2, 3]);
        IReadOnlyDictionary<string, double[]> exact = model.Evaluate(inputs, Precision.Float32).Gradients();
        IReadOnlyDictionary<string, double[]> packed = model.Evaluate(inputs, Precision.Float32, packsSaved: true).Gradients();
        double[] errors = [.. exact.Keys.Order(StringComparer.Ordinal).Select(name => Math.Sqrt(
            exact[name].Zip(packed[name], (a, b) => (a - b) * (a - b)).Sum() / exact[name].Sum(a => a * a)))];

        output.WriteLine(FormattableString.Invariant($"off by {errors.Max():E2} of a gradient's size at most"));
        Assert.InRange(errors.Max(), 1e-4, Rounding.Unit(Precision.BFloat16));
    }

    private static ModelSpec VitB16
    {
        get
        {
            VitSpec vit = new(Image: 224, Channels: 3, Patch: 16, Width: 768, Layers: 12, Heads: 12, Mlp: 3072);
            return new(new("", "Tuner", "public"), vit, Prompts(vit, 50), new ClassifierHeadSpec(102), TrainedSet.PromptsAndHead);
        }
    }

    private static TokenPromptSpec Prompts(VitSpec vit, int tokens) =>
        new(tokens, Enumerable.Range(0, vit.Layers).ToEquatableArray(), PromptFlow.Carry);

    private static DataflowGraph Training(ModelSpec spec)
    {
        DataflowGraph forward = PassList.Forward.Apply(ClassifierGraph.Build(spec).Graph);
        DataflowGraph step = ReverseMode.Differentiate(
            forward.For(ResultRole.Logits, ResultRole.Losses, ResultRole.Correct, ResultRole.Statistic));
        return PassList.Whole.Apply(spec.Recompute ? RecomputeActivations.Run(step) : step);
    }
}
