using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Testing;
using VptDsl.Testing.Golden;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Golden;

/// <summary>The graphs that declarations become compute what the paper's public code computes, gradients included.</summary>
public sealed class GoldenTests
{
    // The golden numbers are rounded to float32; the interpreter adds nothing of that size.
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Cases { get; } = [.. GoldenCase.Names];

    public static TheoryData<string> TrainedCases { get; } = [.. TestTier.Seeds(GoldenCase.Names, every: 4)];

    public static TheoryData<string> CasesWithoutBiasDecay { get; } =
        [.. TestTier.Seeds(GoldenCase.Names.Where(n => GoldenCase.Load(n).SgdTrainingWithoutBiasDecay is not null), every: 4)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_pass_reaches_the_golden_features_logits_and_loss(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        DataflowGraph graph = ClassifierGraph.Build(golden.Spec).Graph;
        Evaluation evaluation = GraphInterpreter.Evaluate(graph, GoldenInputs.From(golden));

        AssertClose("features", evaluation.Embedding.Elements, golden.Features);
        AssertClose("logits", evaluation.Logits.Elements, golden.Logits);
        AssertClose("loss", [evaluation.Loss], [golden.Loss]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_trained_parameter_gets_the_golden_gradient_and_no_other_gets_any(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        IReadOnlyDictionary<string, double[]> gradients = Evaluate(golden, GoldenInputs.From(golden)).Gradients();

        Assert.Equal(golden.Gradients.Keys.Order(), gradients.Keys.Order());
        foreach ((string parameter, GoldenTensor expected) in golden.Gradients)
            AssertClose(parameter, gradients[parameter], expected.Values);
    }

    /// <summary>
    /// The public code means to train the last normalisation, and for this backbone compares with a name that never occurs.
    /// </summary>
    [Fact]
    public void The_last_layer_of_a_moco_model_gets_the_golden_gradients_and_its_last_norm_others_besides()
    {
        GoldenCase golden = GoldenCase.Load("moco_partial1");
        Evaluation evaluation = Evaluate(golden, GoldenInputs.From(golden));
        IReadOnlyDictionary<string, double[]> gradients = evaluation.Gradients();

        AssertClose("features", evaluation.Embedding.Elements, golden.Features);
        AssertClose("logits", evaluation.Logits.Elements, golden.Logits);
        AssertClose("loss", [evaluation.Loss], [golden.Loss]);
        Assert.Equal(golden.Gradients.Keys.Concat(["norm.bias", "norm.weight"]).Order(), gradients.Keys.Order());
        foreach ((string parameter, GoldenTensor expected) in golden.Gradients)
            AssertClose(parameter, gradients[parameter], expected.Values);
    }

    /// <summary>The public code's adapters start at 0 altogether, and then only the last bias learns: why ours do not.</summary>
    [Fact]
    public void Adapters_of_zeros_get_the_golden_gradients_which_reach_only_the_last_bias()
    {
        GoldenCase golden = GoldenCase.Load("vit_adapter_zero_init");
        Evaluation evaluation = Evaluate(golden, GoldenInputs.From(golden));
        IReadOnlyDictionary<string, double[]> gradients = evaluation.Gradients();

        AssertClose("logits", evaluation.Logits.Elements, golden.Logits);
        AssertClose("loss", [evaluation.Loss], [golden.Loss]);
        Assert.Equal(golden.Gradients.Keys.Order(), gradients.Keys.Order());
        foreach ((string parameter, GoldenTensor expected) in golden.Gradients)
            AssertClose(parameter, gradients[parameter], expected.Values);
        Assert.All(
            gradients.Where(g => g.Key.Contains(".adapter.", StringComparison.Ordinal)),
            g => Assert.Equal(g.Key.EndsWith(".up.bias", StringComparison.Ordinal), g.Value.Any(v => v != 0)));
        AssertTrains(golden, golden.SgdTraining, ReferenceOptimizers.Sgd(golden.Sgd, _ => true));
    }

    [Theory]
    [MemberData(nameof(TrainedCases))]
    public void Sgd_with_decay_on_all_trained_parameters_reaches_the_golden_values(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        AssertTrains(golden, golden.SgdTraining, ReferenceOptimizers.Sgd(golden.Sgd, _ => true));
    }

    [Theory]
    [MemberData(nameof(CasesWithoutBiasDecay))]
    public void Sgd_without_decay_on_the_head_bias_reaches_the_golden_values(string name)
    {
        GoldenCase golden = GoldenCase.Load(name);
        AssertTrains(golden, golden.SgdTrainingWithoutBiasDecay!, ReferenceOptimizers.Sgd(golden.Sgd, p => p != "head.bias"));
    }

    [Fact]
    public void AdamW_reaches_the_golden_values()
    {
        GoldenCase golden = GoldenCase.Load("vit_deep_adamw");
        AssertTrains(golden, golden.AdamWTraining!, ReferenceOptimizers.AdamW(golden.AdamW!));
    }

    private static void AssertTrains(GoldenCase golden, GoldenTraining expected, Update update)
    {
        GraphInputs inputs = GoldenInputs.From(golden);
        var losses = new List<double>();
        for (int step = 1; step <= expected.Steps; step++)
        {
            Evaluation evaluation = Evaluate(golden, inputs);
            losses.Add(evaluation.Loss);
            foreach ((string parameter, double[] gradient) in evaluation.Gradients())
                inputs = inputs.With(parameter, update(parameter, inputs.Parameters[parameter], gradient, step));
            foreach ((string parameter, double[] next) in evaluation.Statistics())
                inputs = inputs.With(parameter, next);
        }

        losses.Add(Evaluate(golden, inputs).Loss);
        AssertClose("losses", [.. losses], expected.Losses);
        foreach ((string parameter, GoldenTensor value) in expected.Parameters)
            AssertClose(parameter, inputs.Parameters[parameter], value.Values);
    }

    private static Evaluation Evaluate(GoldenCase golden, GraphInputs inputs) =>
        GraphInterpreter.Evaluate(ReverseMode.Differentiate(ClassifierGraph.Build(golden.Spec).Graph), inputs);

    private static void AssertClose(string what, double[] actual, float[] expected)
    {
        double error = RelativeError.Of(actual, expected);
        Assert.True(error <= Tolerance, $"{what}: relative error {error:E2}.");
    }
}
