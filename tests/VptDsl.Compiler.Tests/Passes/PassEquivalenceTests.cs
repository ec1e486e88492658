using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>A pass changes how values are computed, never what they are: the pruned and fused program is exact.</summary>
public sealed class PassEquivalenceTests
{
    // Passes only change the order in which doubles are added.
    private const double Tolerance = 1e-10;

    public static TheoryData<int> Seeds { get; } = [.. Classified, .. TestTier.Seeds(RandomDeclarations.Segmented, every: 4)];

    /// <summary>Those whose normalisations can also be declared with frozen statistics.</summary>
    public static TheoryData<int> ClassifierSeeds { get; } = [.. Classified];

    private static IEnumerable<int> Classified =>
        TestTier.Seeds([.. Enumerable.Range(0, 40), .. RandomDeclarations.OtherClassifiers], every: 4);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_pass_keeps_every_result(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph graph = ClassifierGraph.Build(spec).Graph;
        Evaluation original = GraphInterpreter.Evaluate(ReverseMode.Differentiate(graph), inputs);
        Evaluation before = GraphInterpreter.Evaluate(graph, inputs);
        foreach (Pass pass in PassList.Forward)
            (graph, before) = Apply(pass, graph, before, inputs);

        graph = ReverseMode.Differentiate(graph);
        before = GraphInterpreter.Evaluate(graph, inputs);
        AssertSame("ReverseMode on the pruned forward pass", original, before);
        foreach (Pass pass in PassList.Whole)
            (graph, before) = Apply(pass, graph, before, inputs);
        Apply(new("Schedule", g => new(Schedule.Order(g), g.Results)), graph, before, inputs);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Passes_after_differentiation_keep_every_result_of_a_graph_that_was_not_pruned_before(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph graph = ReverseMode.Differentiate(ClassifierGraph.Build(spec).Graph);
        Evaluation before = GraphInterpreter.Evaluate(graph, inputs);
        foreach (Pass pass in PassList.Forward.Concat(PassList.Whole))
            (graph, before) = Apply(pass, graph, before, inputs);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_pass_alone_keeps_every_result(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph forward = ClassifierGraph.Build(spec).Graph;
        foreach (DataflowGraph graph in new[] { forward, ReverseMode.Differentiate(forward) })
        {
            Evaluation before = GraphInterpreter.Evaluate(graph, inputs);
            foreach (Pass pass in PassList.Forward.Concat(PassList.Whole))
                Apply(pass, graph, before, inputs);
        }
    }

    [Theory]
    [MemberData(nameof(ClassifierSeeds))]
    public void Inference_computes_the_logits_of_training_without_what_it_measures_and_drops(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        ModelSpec sure = spec with
        {
            Head = (ClassifierHeadSpec)spec.Head with { FrozenStatistics = true, Dropout = 0 },
            Prompts = spec.Prompts is TokenPromptSpec tokens ? tokens with { Dropout = 0 } : spec.Prompts,
        };
        DataflowGraph forward = ClassifierGraph.Build(spec).Graph;
        double[] expected = GraphInterpreter.Evaluate(ClassifierGraph.Build(sure).Graph, inputs).Logits.Elements;

        DataflowGraph pruned = PassList.Forward.Apply(forward);
        DataflowGraph inference = PassList.Inference.Apply(pruned.For(ResultRole.Logits));
        double error = RelativeError.Of(GraphInterpreter.Evaluate(inference, inputs).Logits.Elements, expected);
        Assert.True(error <= Tolerance, $"The logits differ by {error:E1}.");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Activations_computed_again_are_the_same(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph kept = ReverseMode.Differentiate(PassList.Forward.Apply(ClassifierGraph.Build(spec).Graph));
        DataflowGraph again = PassList.Whole.Apply(RecomputeActivations.Run(kept));
        AssertSame("recomputation", GraphInterpreter.Evaluate(kept, inputs), GraphInterpreter.Evaluate(again, inputs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recomputation_saves_memory_where_activations_are_needed_backwards(bool hasUpdates)
    {
        ModelSpec spec = Draw(0).Spec with
        {
            Backbone = new VitSpec(32, 3, 8, 16, 6, 2, 64),
            Trained = TrainedSet.Everything,
            Prompts = null,
            LoRA = hasUpdates ? new(Rank: 2, Alpha: 4, LoRATargets.All) : null,
        };
        long kept = ModelCompiler.Analyze(spec).Training.FloatsPerImage;
        long again = ModelCompiler.Analyze(spec with { Recompute = true }).Training.FloatsPerImage;
        Assert.True(again < 0.75 * kept, $"{again} floats an image with recomputation, {kept} without.");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_pruned_program_is_the_unpruned_one_of_a_single_sequence(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph joined = ReverseMode.Differentiate(ClassifierGraph.BuildJoined(spec).Graph);
        DataflowGraph pruned = PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(ClassifierGraph.Build(spec).Graph)));
        AssertSame("the pruned program", GraphInterpreter.Evaluate(joined, inputs), GraphInterpreter.Evaluate(pruned, inputs));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_from_kept_features_is_the_step_from_the_images(int seed)
    {
        (ModelSpec spec, GraphInputs inputs) = Draw(seed);
        DataflowGraph forward = PassList.Forward.Apply(ClassifierGraph.Build(spec).Graph);
        DataflowGraph training = PassList.Whole.Apply(ReverseMode.Differentiate(forward));
        if (SplitFrozen.FindFeatures(training) is not { } features)
            return;

        DataflowGraph encoding = SplitFrozen.Encoding(training, features), rest = SplitFrozen.FromFeatures(training, features);
        Assert.DoesNotContain(rest.Nodes, n => n.Operation is Compiler.Graph.Operations.ReadImages);
        Assert.DoesNotContain(
            encoding.Nodes, n => n.Operation is Compiler.Graph.Operations.ReadParameter { Slice.Parameter.Trained: true });
        double[] kept = GraphInterpreter.Evaluate(encoding, inputs)[encoding.Results[0].Value].Elements;
        AssertSame(
            "a step from features",
            GraphInterpreter.Evaluate(training, inputs),
            GraphInterpreter.Evaluate(rest, inputs with { Features = kept }));
    }

    [Fact]
    public void Some_of_the_declarations_have_features()
    {
        int withFeatures = Enumerable.Range(0, 40).Count(seed =>
        {
            DataflowGraph forward = PassList.Forward.Apply(ClassifierGraph.Build(Draw(seed).Spec).Graph);
            return SplitFrozen.FindFeatures(PassList.Whole.Apply(ReverseMode.Differentiate(forward))) is not null;
        });
        Assert.InRange(withFeatures, 5, 35);
    }

    private static (ModelSpec Spec, GraphInputs Inputs) Draw(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        return (spec, RandomInputs.Draw(spec, seed));
    }

    private static (DataflowGraph Graph, Evaluation Evaluation) Apply(Pass pass, DataflowGraph graph, Evaluation before, GraphInputs inputs)
    {
        DataflowGraph after = pass.Run(graph);
        Evaluation evaluation = GraphInterpreter.Evaluate(after, inputs);
        AssertSame(pass.Name, before, evaluation);
        return (after, evaluation);
    }

    private static void AssertSame(string pass, Evaluation before, Evaluation after)
    {
        Dictionary<string, double[]> expected = Results(before), actual = Results(after);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((string name, double[] values) in expected)
        {
            double error = RelativeError.Of(actual[name], values);

            // Where the exact gradient is zero, only rounding is left of both.
            bool vanishes = values.Concat(actual[name]).All(v => Math.Abs(v) < 1e-13);
            Assert.True(error <= Tolerance || vanishes, $"{pass} changes {name} by {error:E1}.");
        }
    }

    private static Dictionary<string, double[]> Results(Evaluation evaluation)
    {
        var results = evaluation.Gradients().ToDictionary(g => "the gradient of " + g.Key, g => g.Value);
        foreach ((string name, double[] next) in evaluation.Statistics())
            results.Add("the next " + name, next);
        foreach (Result result in evaluation.Graph.Results.Where(r => r.Role is not (ResultRole.Gradient or ResultRole.Statistic)))
            results.Add(result.Role.ToString(), evaluation[result.Value].Elements);
        return results;
    }
}
