using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>What depends on frozen parameters alone is computed once for a backbone, and changes no result.</summary>
public sealed class FoldConstantsTests
{
    // The same operations on the same numbers.
    private const double Tolerance = 1e-12;

    private static readonly ResNetSpec ResNet = new(
        32, 3, StemWidth: 16, EquatableArray.Of(1, 2, 1, 1), EquatableArray.Of(16, 16, 16, 16), Expansion: 2);

    public static TheoryData<int> Seeds { get; } =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 40), .. RandomDeclarations.OtherKinds], every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_that_reads_folded_constants_gives_every_result(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        GraphInputs inputs = RandomInputs.Draw(spec, seed);
        DataflowGraph graph = ReverseMode.Differentiate(ClassifierGraph.Build(spec).Graph);
        Evaluation expected = GraphInterpreter.Evaluate(graph, inputs);
        var constants = new FoldConstants();

        DataflowGraph folded = constants.Run(PassList.Whole.Apply(constants.Run(graph)));
        Evaluation found = GraphInterpreter.Evaluate(folded, WithFolded(constants, inputs));

        Near("the logits", expected.Logits.Elements, found.Logits.Elements);
        IReadOnlyDictionary<string, double[]> gradients = found.Gradients();
        Assert.All(expected.Gradients(), gradient => Near(gradient.Key, gradient.Value, gradients[gradient.Key]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_step_computes_anything_from_frozen_parameters_alone(int seed)
    {
        CompiledModel model = ModelCompiler.Analyze(RandomDeclarations.Draw(seed));

        Assert.All(
            new[] { model.Encoding, model.Training, model.Inference }.OfType<ProgramPlan>().SelectMany(p => p.Prepare.Concat(p.Steps)),
            step =>
            {
                var read = step.Operands.Take(step.Call.Inputs.Count).Select(o => o.Address.Region);
                Assert.True(
                    step.Call.Operation is Copy || read.Any(r => r is not (Region.Weights or Region.Folded)),
                    $"{step.Call.Operation} reads frozen parameters alone.");
            });
    }

    [Fact]
    public void Batch_normalisation_is_folded_once_and_its_convolutions_are_turned_around_once()
    {
        CompiledModel model = ModelCompiler.Analyze(Declare(new PadPromptSpec(2, PixelStart.Colours), TrainedSet.PromptsAndHead));

        Operation[] folding = [.. model.Folding!.Steps.Select(s => s.Call.Operation)];
        Operation[] others =
        [
            .. model.Training.Steps.Concat(model.Inference.Prepare).Concat(model.Inference.Steps).Select(s => s.Call.Operation),
        ];

        // The stem, and five blocks of three convolutions, of which four have one more beside them.
        Assert.Equal(20, folding.Count(o => o is FoldedWeight));
        Assert.Equal(20, folding.Count(o => o is FoldedBias));

        // The 3×3 convolutions of the first stage and of the second stage's second block go from pixel to pixel; the others skip pixels.
        Assert.Equal(2, folding.Count(o => o is FlippedWeight));
        Assert.DoesNotContain(others, o => o is FoldedWeight or FoldedBias or FlippedWeight);
    }

    [Fact]
    public void What_is_trained_is_not_folded()
    {
        CompiledModel model = ModelCompiler.Analyze(Declare(null, TrainedSet.Everything));

        Assert.DoesNotContain(model.Folding?.Steps ?? [], s => s.Call.Operation is FoldedWeight or FlippedWeight);
        Assert.Contains(model.Training.Steps, s => s.Call.Operation is FoldedWeight);
    }

    private static ModelSpec Declare(PromptSpec? prompts, TrainedSet trained) =>
        new(new("Tests", "Convolutional", "public"), ResNet, prompts, new ClassifierHeadSpec(5), trained);

    /// <summary>The inputs, with what the folding program makes of the frozen parameters among them.</summary>
    private static GraphInputs WithFolded(FoldConstants constants, GraphInputs inputs)
    {
        if (constants.Program is not { } program)
            return inputs;
        Evaluation evaluation = GraphInterpreter.Evaluate(program, inputs);
        var parameters = inputs.Parameters.ToDictionary(p => p.Key, p => p.Value);
        foreach (Result result in program.Results)
            parameters.Add(result.Parameter!.Parameter.Name, evaluation[result.Value].Elements);
        return inputs with { Parameters = parameters };
    }

    private static void Near(string what, double[] expected, double[] found)
    {
        double scale = 1 + expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Tolerance * scale, $"{what}: {pair}"));
    }
}
