using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>
/// Statistics that steps measure: a step writes their next values where they lie, and inference normalises by them instead of by its own
/// batch.
/// </summary>
public sealed class MeasuredStatisticsTests
{
    private const int Size = 6, Batch = 3, Channels = 4;

    private readonly GraphBuilder _graph = new();
    private readonly ParameterFactory _parameters = new((_, _) => true);
    private readonly GraphInputs _inputs;
    private readonly DataflowGraph _training;

    public MeasuredStatisticsTests()
    {
        Value map = _graph.Rows(_graph.Images(channels: 1, Size), 0, 5, "rows");
        Value x = _graph.Linear(map, Read("first.weight", Channels, Size), ReadRow("first.bias", Channels), "x");
        Value normalized = _graph.BatchNorm(
            x,
            _parameters.Scale("norm.weight", Channels),
            _parameters.Bias("norm.bias", Channels),
            _parameters.Measured("norm.running_mean", ParameterKind.Head, 0, Channels),
            _parameters.Measured("norm.running_var", ParameterKind.Head, 1, Channels),
            epsilon: 0.01,
            momentum: 0.25,
            "normalized");
        Value features = _graph.MeanRows(normalized, "features");
        Value logits = _graph.Linear(features, Read("head.weight", 3, Channels), ReadRow("head.bias", 3), "logits");
        _training = _graph.Build(
        [
            new(ResultRole.Embedding, features), new(ResultRole.Logits, logits),
            new(ResultRole.Losses, _graph.CrossEntropy(logits, _graph.Labels())),
        ]);

        var random = new Random(5);
        _inputs = new(
            Batch,
            _parameters.Parameters.ToDictionary(
                p => p.Name, p => RandomInputs.Uniform(random, p.Count, 0.5).Select(v => v + (p.Measured ? 1 : 0)).ToArray()),
            RandomInputs.Uniform(random, Batch * Size * Size, 1),
            [0, 2, 1]);
    }

    [Fact]
    public void A_step_moves_the_statistics_where_they_lie_towards_those_of_its_batch()
    {
        DataflowGraph step = PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(_training)));
        var places = new ParameterPlan(_parameters.Parameters);
        ProgramPlan plan = Planner.Plan(step, places, hoist: false);
        var machine = new PlanMachine(places, _inputs, plan.SharedFloats + (Batch * plan.FloatsPerImage), 0)
        {
            EmbeddingFloats = Batch * Channels,
        };

        machine.Run(plan.Steps);

        BatchMatrix x = GraphInterpreter.Evaluate(_training, _inputs)[_training.Nodes.Single(n => n.Operation is BatchNorm).Inputs[0]];
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] values = [.. Enumerable.Range(0, Batch * 5).Select(i => x[i / 5, i % 5, channel])];
            double mean = values.Average(), unbiased = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
            AssertNear((0.75 * _inputs.Parameters["norm.running_mean"][channel]) + (0.25 * mean), ReadStatistic(channel));
            AssertNear((0.75 * _inputs.Parameters["norm.running_var"][channel]) + (0.25 * unbiased), ReadStatistic(Channels + channel));
        }

        double ReadStatistic(int offset) => machine.Read(new(Region.Statistics, 0, offset), new(Batched: false, 1, 1))[0];
    }

    [Fact]
    public void Inference_normalizes_by_the_statistics_and_an_image_by_itself()
    {
        DataflowGraph inference = ForInference.Run(PassList.Forward.Apply(_training));
        Assert.DoesNotContain(inference.Nodes, n => n.Operation is BatchNorm);
        Assert.DoesNotContain(inference.Results, r => r.Role == ResultRole.Statistic);

        BatchMatrix all = GraphInterpreter.Evaluate(inference, _inputs).Logits;
        for (int image = 0; image < Batch; image++)
        {
            GraphInputs alone = _inputs with
            {
                Batch = 1,
                Images = _inputs.Images.AsSpan(image * Size * Size, Size * Size).ToArray(),
                Labels = [0],
            };
            Assert.Equal(
                0,
                RelativeError.Of(
                    GraphInterpreter.Evaluate(inference, alone).Logits.Elements, [.. Enumerable.Range(0, 3).Select(c => all[image, 0, c])]),
                1e-12);
        }
    }

    [Fact]
    public void Nothing_else_may_read_a_statistic_that_a_step_overwrites()
    {
        Value mean = _graph.ReadRow(_parameters.Parameters.Single(p => p.Name == "norm.running_mean"));
        Value other = _graph.AddRow(_training.Results.Single(r => r.Role == ResultRole.Embedding).Value, mean, "other");
        DataflowGraph graph = _graph.Build([new(ResultRole.Embedding, other)]);

        GraphException refused = Assert.Throws<GraphException>(() => Planner.Plan(graph, new(_parameters.Parameters), hoist: false));
        Assert.Contains("norm.running_mean", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertNear(double expected, double actual) => Assert.Equal(expected, actual, 1e-12);

    private Value Read(string name, int rows, int columns) => _graph.Read(_parameters.Weight(name, rows, columns).AsMatrix(rows));

    private Value ReadRow(string name, int columns) => _graph.ReadRow(_parameters.Bias(name, columns));
}
