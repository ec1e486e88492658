using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>
/// Plans keep every value as long as it is needed: run on one arena, with views, parts written in place and results in the place of
/// operands, they give what the graph gives with a matrix for each value.
/// </summary>
public sealed class PlanExecutionTests
{
    // Passes change the order in which doubles are added; plans change nothing.
    private const double Tolerance = 1e-10;

    public static TheoryData<int> Seeds { get; } =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 30), .. RandomDeclarations.OtherKinds], every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_operand_holds_its_value_when_it_is_read(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        foreach (PlannedGraph planned in PlannedGraph.Of(spec))
        {
            for (int batch = 1; batch <= 3; batch++)
            {
                GraphInputs inputs = WithFeatures(planned.Graph, PlannedGraph.Draw(spec, seed, batch));
                Evaluation evaluation = GraphInterpreter.Evaluate(planned.Graph, inputs);
                var values = planned.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().ToDictionary(v => v.Id);
                var machine = new PlanMachine(
                    planned.Parameters, inputs, planned.ArenaFloats(batch), FloatsOf(planned.Graph, batch, ResultRole.Features))
                {
                    EmbeddingFloats = FloatsOf(planned.Graph, batch, ResultRole.Embedding),
                    Reading = (step, operand, found) => AssertHolds(planned.Name, step, operand, evaluation[values[operand.Value]], found),
                };
                machine.Run(planned.Plan.Prepare);
                machine.Run(planned.Plan.Steps);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_gives_the_losses_logits_and_gradients_of_the_declaration(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        CompiledModel model = ModelCompiler.Analyze(spec);
        for (int batch = 1; batch <= 3; batch++)
        {
            GraphInputs inputs = PlannedGraph.Draw(spec, seed, batch);
            PlanMachine machine = PlanMachine.Start(model, inputs);
            machine.Run(model.Encoding?.Steps ?? []);
            machine.Run(model.Training.Steps);

            Evaluation expected = GraphInterpreter.Evaluate(ReverseMode.Differentiate(ClassifierGraph.Build(spec).Graph), inputs);
            AssertNear("the logits", expected.Logits.Elements, machine.Read(model.Training.Logits!, expected.Logits.Shape));
            AssertNear("the loss", [expected.Loss], [machine.Read(model.Training.Losses!, new(true, 1, 1)).Average()]);
            IReadOnlyDictionary<string, double[]> gradients = expected.Gradients();
            foreach (Parameter parameter in model.Parameters.Parameters.Where(p => p.Trained))
            {
                ParameterSlice whole = parameter.AsMatrix(1);
                Address place = model.Parameters.AddressOf(whole) with { Region = Region.Gradients };
                AssertNear("the gradient of " + parameter.Name, gradients[parameter.Name], machine.Read(place, whole.Shape));
            }

            foreach ((string name, double[] next) in expected.Statistics())
            {
                ParameterSlice whole = model.Parameters.Parameters.Single(p => p.Name == name).AsMatrix(1);
                AssertNear(name, next, machine.Read(model.Parameters.AddressOf(whole), whole.Shape));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_was_prepared_serves_batch_after_batch_of_any_size(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        CompiledModel model = ModelCompiler.Analyze(spec);
        PlanMachine machine = PlanMachine.Start(model, PlannedGraph.Draw(spec, seed, batch: 3));
        bool isPrepared = false;
        foreach (int batch in new[] { 2, 3, 1, 2 })
        {
            GraphInputs inputs = PlannedGraph.Draw(spec, seed, batch);
            machine.SetBatch(inputs);
            machine.Run(model.Encoding?.Steps ?? []);
            machine.Run(isPrepared ? [] : model.Inference.Prepare);
            isPrepared = true;
            machine.Run(model.Inference.Steps);

            DataflowGraph inference = ForInference.Run(ClassifierGraph.Build(spec).Graph.For(ResultRole.Logits, ResultRole.Embedding));
            Evaluation expected = GraphInterpreter.Evaluate(inference, inputs);
            AssertNear(
                $"the logits of {batch} images", expected.Logits.Elements, machine.Read(model.Inference.Logits!, expected.Logits.Shape));
            BatchMatrix embedding = expected.Embedding;
            AssertNear(
                $"the embeddings of {batch} images", embedding.Elements, machine.Read(new(Region.Embeddings, 0, 0), embedding.Shape));
        }
    }

    [Fact]
    public void The_declarations_drawn_prepare_something_and_share_memory()
    {
        CompiledModel[] models = [.. Enumerable.Range(0, 40).Select(seed => ModelCompiler.Analyze(RandomDeclarations.Draw(seed)))];
        Assert.InRange(models.Count(m => m.Inference.Prepare.Count > 0), 5, models.Length);
        Assert.InRange(models.Count(m => m.Encoding is not null), 5, models.Length - 5);
        Assert.InRange(models.Count(m => m.Training.Steps.Any(TakesAnOperandsPlace)), 5, models.Length);
        Assert.InRange(models.Count(m => m.Training.Steps.Any(s => s.Call.Operands.Any(o => !o.Layout.IsDense))), 5, models.Length);
    }

    private static bool TakesAnOperandsPlace(Step step) =>
        step.Call.Operation.InPlaceInput is >= 0 and var input
        && step.Operands[input].Address == step.Operands[step.Call.Inputs.Count].Address;

    private static GraphInputs WithFeatures(DataflowGraph graph, GraphInputs inputs)
    {
        Shape? shape = graph.Nodes.FirstOrDefault(n => n.Operation is ReadFeatures)?.Outputs[0]!.Shape;
        return shape is null ? inputs : inputs with { Features = RandomInputs.Uniform(new Random(7), inputs.Batch * shape.Count, 1) };
    }

    private static long FloatsOf(DataflowGraph graph, int batch, ResultRole role) =>
        batch * (graph.Results.FirstOrDefault(r => r.Role == role)?.Value.Shape.Count ?? 0);

    private static void AssertHolds(string graph, Step step, Operand operand, BatchMatrix expected, BatchMatrix found) =>
        Assert.True(
            expected.Elements.AsSpan().SequenceEqual(found.Elements),
            $"In {graph}, {step.Call.Operation} of {step.Scope.Part} reads {operand}, which holds something else.");

    private static void AssertNear(string what, double[] expected, double[] actual)
    {
        double error = RelativeError.Of(actual, expected);

        // Where the exact gradient is zero, only rounding is left of both.
        bool vanishes = expected.Concat(actual).All(v => Math.Abs(v) < 1e-13);
        Assert.True(error <= Tolerance || vanishes, $"The plan changes {what} by {error:E1}.");
    }
}
