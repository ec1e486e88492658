using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Programs;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>
/// Attention with biases by relative position is pruned like any other: rows that nothing reads have no bias, a frozen table is expanded
/// once, and prompts need no bias of zeros.
/// </summary>
public sealed class BiasedAttentionTests
{
    private const int Batch = 2, Heads = 2, Width = 4, Side = 2, Prompts = 3, Tokens = 1 + (Side * Side);

    private const double Tolerance = 1e-12;

    private readonly GraphBuilder _graph = new();
    private readonly List<Parameter> _parameters = [];

    [Fact]
    public void Queries_that_are_left_need_their_rows_of_the_bias_alone()
    {
        DataflowGraph graph = Classified(trained: true);
        DataflowGraph narrowed = PassList.Forward.Apply(graph);

        Node attention = Assert.Single(narrowed.Nodes, n => n.Operation is Attention);
        Assert.Equal(1, attention.Inputs[0].Shape.Rows);
        Assert.Equal(new(false, 1, Heads * Tokens), attention.Inputs[((Attention)attention.Operation).Bias].Shape);

        DataflowGraph expected = ReverseMode.Differentiate(graph), found = PassList.Whole.Apply(ReverseMode.Differentiate(narrowed));
        Assert.Equal(
            new(false, 1, Heads * Tokens),
            Assert.Single(found.Nodes, n => n.Operation is AttentionBiasGradient).Outputs[0]!.Shape);
        AssertSame(expected, found);
    }

    [Fact]
    public void A_frozen_table_is_expanded_once_and_has_no_gradient()
    {
        DataflowGraph graph = ReverseMode.Differentiate(PassList.Forward.Apply(Classified(trained: false)));
        var constants = new FoldConstants();
        DataflowGraph folded = constants.Run(graph);

        Assert.Single(constants.Program!.Nodes, n => n.Operation is ExpandRelativeBias);
        Assert.DoesNotContain(
            folded.Nodes, n => n.Operation is ExpandRelativeBias or ExpandRelativeBiasGradient or AttentionBiasGradient);
    }

    [Fact]
    public void A_segment_whose_gradients_nobody_asks_for_takes_its_bias_along()
    {
        DataflowGraph graph = ReverseMode.Differentiate(Classified(trained: false));

        // The prompts' gradients alone: of the images' tokens the saved sum is enough.
        Assert.Equal(new AttentionGradient(Heads, 1), Assert.Single(graph.Nodes, n => n.Operation is AttentionGradient).Operation);
    }

    [Fact]
    public void Prompts_in_the_sequence_have_a_bias_of_zeros()
    {
        Value images = _graph.Images(1, 2 * Tokens * Width);
        Value Operand(int part) => _graph.One(new SliceColumns(part * Width, Width), [_graph.Rows(images, 0, Tokens, "tokens")], "operand");
        Value query = Operand(0), key = Operand(1), value = Operand(2);
        Value promptQuery = Shared(Prompts, Width), promptKey = Shared(Prompts, Width), promptValue = Shared(Prompts, Width);
        var positions = new RelativePositions(Side, Side);
        Value table = Shared(positions.Count, Heads);
        Value Join(Value tokens, Value prompts) =>
            _graph.ConcatRows([_graph.Rows(tokens, 0, 1, "class"), prompts, _graph.Rows(tokens, 1, Tokens - 1, "patches")], "joined");

        (Value, Value) ofImages = (key, value), ofPrompts = (promptKey, promptValue);
        Value bias = _graph.One(new ExpandRelativeBias(positions), [table], "bias");
        Value joinedBias = _graph.One(new ExpandRelativeBias(positions with { Inserted = Prompts }), [table], "joinedBias");
        Value separate = Join(
            _graph.Attention(Heads, query, [ofImages, ofPrompts], "attended", bias),
            _graph.Attention(Heads, promptQuery, [ofImages, ofPrompts], "promptAttended"));
        Value joined = _graph.Attention(
            Heads, Join(query, promptQuery), [(Join(key, promptKey), Join(value, promptValue))], "joinedAttended", joinedBias);

        Evaluation evaluation = GraphInterpreter.Evaluate(_graph.Build([]), Inputs(2 * Tokens * Width));
        AssertNear("attended", evaluation[separate].Elements, evaluation[joined].Elements);
    }

    /// <summary>One layer over an image's tokens and prompts, of which the first row is classified.</summary>
    private DataflowGraph Classified(bool trained)
    {
        Value images = _graph.Rows(_graph.Images(1, 8), 0, Tokens, "tokens");
        Value Project(string name) => _graph.Linear(images, Shared(Width, 8), Shared(1, Width), name);
        var positions = new RelativePositions(Side, Side);
        Value bias = _graph.One(new ExpandRelativeBias(positions), [Shared(positions.Count, Heads, trained)], "bias");
        (Value, Value) ofImages = (Project("key"), Project("value"));
        (Value, Value) ofPrompts = (Shared(Prompts, Width, trained: true), Shared(Prompts, Width, trained: true));
        Value attended = _graph.Attention(Heads, Project("query"), [ofImages, ofPrompts], "attended", bias);
        Value logits = _graph.Linear(_graph.Rows(attended, 0, 1, "class"), Shared(3, Width), Shared(1, 3), "logits");
        return _graph.Build([new(ResultRole.Logits, logits), new(ResultRole.Losses, _graph.CrossEntropy(logits, _graph.Labels()))]);
    }

    private Value Shared(int rows, int columns, bool trained = false)
    {
        var parameter = new Parameter(
            $"operand{_parameters.Count}", EquatableArray.Of(rows, columns), ParameterKind.Prompt, new(Distribution.Constant, 0), trained);
        _parameters.Add(parameter);
        return _graph.Read(parameter.AsMatrix(rows));
    }

    private GraphInputs Inputs(int imageSize)
    {
        var random = new Random(34);
        return new(
            Batch,
            _parameters.ToDictionary(p => p.Name, p => RandomInputs.Uniform(random, p.Count, 1)),
            RandomInputs.Uniform(random, Batch * imageSize * imageSize, 1),
            [1, 2]);
    }

    private void AssertSame(DataflowGraph expected, DataflowGraph found)
    {
        Evaluation before = GraphInterpreter.Evaluate(expected, Inputs(8)), after = GraphInterpreter.Evaluate(found, Inputs(8));
        AssertNear("logits", before.Logits.Elements, after.Logits.Elements);
        IReadOnlyDictionary<string, double[]> gradients = after.Gradients();
        Assert.NotEmpty(gradients);
        Assert.All(before.Gradients(), gradient => AssertNear(gradient.Key, gradient.Value, gradients[gradient.Key]));
    }

    private static void AssertNear(string what, double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Tolerance, $"{what}: {pair}"));
    }
}
