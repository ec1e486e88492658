using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>Merging and fusing happen where they should, and stay exact on graphs that no backbone here builds.</summary>
public sealed class FusionTests
{
    private const int Batch = 2;

    [Fact]
    public void Nothing_that_a_product_can_absorb_stays_by_itself()
    {
        foreach (PrunedModel model in new[] { PrunedModel.Prompted(0, 1, 2, 3), PrunedModel.Full() })
        {
            DataflowGraph graph = PassList.Whole.Apply(model.Training);
            Assert.DoesNotContain(graph.Nodes, n => n.Operation is Activation);
            Assert.DoesNotContain(graph.Nodes, n => n.Operation is Add && n.Scope.Part == "block");
        }
    }

    [Fact]
    public void Query_key_and_value_of_a_layer_are_one_product()
    {
        DataflowGraph graph = PassList.Whole.Apply(PrunedModel.Prompted(0, 1, 2, 3).Training);
        for (int layer = 0; layer < PrunedModel.Layers - 1; layer++)
        {
            Node[] projections = graph.Nodes.Where(n => n.Scope.Layer == layer && n.Operation is Product { Layout: ProductLayout.NT }
                && n.Inputs[1].Name.Contains("qkv", StringComparison.Ordinal)).ToArray();
            Assert.Equal(
                [new(false, PrunedModel.PromptTokens, 24), new Shape(true, PrunedModel.ImageTokens, 36)],
                projections.Select(n => n.Outputs[0]!.Shape).OrderBy(s => s.Batched));
        }
    }

    [Fact]
    public void Weights_that_are_neighbours_merge_only_where_their_biases_are()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 2, "x");
        Parameter weight = Declare("weight", 6, 4), bias = Declare("bias", 9);
        Value upper = graph.Linear(x, graph.Read(weight.Slice(0, 3, 4)), graph.Read(bias.Slice(6, 1, 3)), "upper");
        Value lower = graph.Linear(x, graph.Read(weight.Slice(12, 3, 4)), graph.Read(bias.Slice(0, 1, 3)), "lower");
        AssertKept(graph, graph.ConcatColumns([upper, lower], "y"), weight, bias);
    }

    [Fact]
    public void Biases_of_different_tensors_do_not_merge()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 2, "x");
        Parameter weight = Declare("weight", 6, 4), first = Declare("first", 3), second = Declare("second", 3);
        Value upper = graph.Linear(x, graph.Read(weight.Slice(0, 3, 4)), graph.ReadRow(first), "upper");
        Value lower = graph.Linear(x, graph.Read(weight.Slice(12, 3, 4)), graph.ReadRow(second), "lower");
        AssertKept(graph, graph.ConcatColumns([upper, lower], "y"), weight, first, second);
    }

    [Fact]
    public void A_product_with_a_saved_value_and_two_readers_is_computed_right()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 4, "x");
        Parameter weight = Declare("weight", 4, 4), bias = Declare("bias", 4);
        Value hidden = graph.Linear(x, graph.Read(weight.AsMatrix(4)), graph.ReadRow(bias), "hidden");
        Value activated = graph.Activate(ActivationKind.Gelu, hidden, "activated");
        Value sum = graph.Add(graph.Add(activated, hidden, "inner"), x, "outer");
        AssertKept(graph, graph.Add(sum, graph.Activate(ActivationKind.Gelu, sum, "again"), "y"), weight, bias);
    }

    [Fact]
    public void Every_activation_and_its_derivative_join_products() => Assert.All(Enum.GetValues<ActivationKind>(), kind =>
    {
        DataflowGraph graph = Trained((builder, x, weight, bias, name) =>
            builder.Activate(kind, builder.Linear(x, weight, bias, name), name + "Activated"));

        // The gradient of the topmost activation follows no product.
        Assert.Equal(new ActivationGradient(kind), Assert.Single(graph.Nodes, n => n.Operation is Activation).Operation);
        Assert.Equal(3, graph.Nodes.Count(n => n.Operation is Product { Epilogue.Activation: Activate activate } && activate.Kind == kind));
        Assert.Equal(
            2,
            graph.Nodes.Count(n => n.Operation is Product { Epilogue.Activation: ActivationGradient gradient } && gradient.Kind == kind));
    });

    [Fact]
    public void Every_activation_and_its_derivative_join_convolutions() => Assert.All(Enum.GetValues<ActivationKind>(), kind =>
    {
        // Each layer: 2 × 2 pixels of 16 channels, patches of 3 × 3.
        var patches = new SlidingPatch(2, 3, 1, 1);
        DataflowGraph graph = Trained(
            (builder, x, weight, bias, name) =>
            {
                Value map = builder.One(new ExtractSlidingPatches(patches), [x], name + "Patches");
                return builder.Activate(kind, builder.Linear(map, weight, bias, name), name + "Activated");
            },
            rows: 4,
            width: 16,
            depth: 9 * 16,
            areWeightsTrained: false);

        Assert.Equal(new ActivationGradient(kind), Assert.Single(graph.Nodes, n => n.Operation is Activation).Operation);
        Assert.Equal(
            3, graph.Nodes.Count(n => n.Operation is SlidingProduct { Epilogue.Activation: Activate activate } && activate.Kind == kind));
        Assert.Equal(2, graph.Nodes.Count(n =>
            n.Operation is SlidingProduct { Epilogue.Activation: ActivationGradient gradient } && gradient.Kind == kind));
    });

    [Fact]
    public void A_value_added_to_itself_stays_twice_itself()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 4, "x");
        Parameter weight = Declare("weight", 4, 4), bias = Declare("bias", 4);
        Value y = graph.Linear(x, graph.Read(weight.AsMatrix(4)), graph.ReadRow(bias), "y");
        AssertKept(graph, graph.Add(y, y, "sum"), weight, bias);
    }

    [Fact]
    public void A_residual_without_a_batch_is_added_to_every_image()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 3, "x");
        Parameter weight = Declare("weight", 4, 4), bias = Declare("bias", 4), residual = Declare("residual", 3, 4);
        Value y = graph.Linear(x, graph.Read(weight.AsMatrix(4)), graph.ReadRow(bias), "y");
        AssertKept(graph, graph.Add(graph.Read(residual.AsMatrix(3)), y, "sum"), weight, bias, residual);
    }

    [Fact]
    public void Padded_rows_join_a_sum()
    {
        var graph = new GraphBuilder();
        Value x = graph.Rows(graph.Images(1, 4), 0, 4, "x");
        Value padded = graph.PadRows(graph.Rows(x, 1, 2, "part"), 2, 4, "padded");
        DataflowGraph kept = AssertKept(graph, graph.Add(padded, graph.Activate(ActivationKind.Gelu, x, "gelu"), "sum"));
        Assert.Contains(kept.Nodes, n => n.Operation is AddRows);
    }

    [Fact]
    public void Overlapping_demands_narrow_to_their_hull()
    {
        var graph = new GraphBuilder();
        Value activated = graph.Activate(ActivationKind.Gelu, graph.Rows(graph.Images(1, 8), 0, 8, "x"), "activated");
        Value parts = graph.ConcatRows([graph.Rows(activated, 2, 3, "upper"), graph.Rows(activated, 4, 2, "lower")], "y");
        DataflowGraph kept = AssertKept(graph, parts);
        Assert.Equal(4, Assert.Single(kept.Nodes, n => n.Operation is Activate).Outputs[0]!.Shape.Rows);
    }

    /// <summary>Three layers and a loss, differentiated; every pass keeps each result.</summary>
    private static DataflowGraph Trained(
        Func<GraphBuilder, Value, Value, Value, string, Value> layer, int rows = 1, int width = 4, int depth = 4,
        bool areWeightsTrained = true)
    {
        const int layers = 3;
        var builder = new GraphBuilder();
        var parameters = new List<Parameter> { Declare("prompt", rows, width) };
        Value x = builder.Rows(builder.Images(1, width), 0, rows, "x");
        x = builder.Add(x, builder.Read(parameters[0].AsMatrix(rows)), "prompted");
        for (int i = 0; i < layers; i++)
        {
            Parameter weight = Declare($"weight{i}", width, depth) with { Trained = areWeightsTrained };
            Parameter bias = Declare($"bias{i}", width);
            parameters.AddRange([weight, bias]);
            x = layer(builder, x, builder.Read(weight.AsMatrix(width)), builder.ReadRow(bias), $"layer{i}");
        }

        Value logits = builder.Rows(x, 0, 1, "logits");
        DataflowGraph before = ReverseMode.Differentiate(builder.Build(
            [new(ResultRole.Logits, logits), new(ResultRole.Losses, builder.CrossEntropy(logits, builder.Labels()))]));
        var random = new Random(5);
        var inputs = new GraphInputs(
            Batch,
            parameters.ToDictionary(p => p.Name, p => RandomInputs.Uniform(random, p.Count, 1)),
            RandomInputs.Uniform(random, Batch * width * width, 1),
            new int[Batch]);
        DataflowGraph after = PassList.Whole.Apply(before);
        Evaluation expected = GraphInterpreter.Evaluate(before, inputs), actual = GraphInterpreter.Evaluate(after, inputs);
        for (int i = 0; i < before.Results.Count; i++)
        {
            double error = RelativeError.Of(actual[after.Results[i].Value].Elements, expected[before.Results[i].Value].Elements);
            Assert.True(error <= 1e-12, $"The passes change {before.Results[i]} by {error:E1}:\n{before}\nbecame\n{after}");
        }

        return after;
    }

    /// <summary>Applies every pass to a graph with this output, and compares the output before and after.</summary>
    private static DataflowGraph AssertKept(GraphBuilder builder, Value output, params Parameter[] parameters)
    {
        DataflowGraph before = builder.Build([new(ResultRole.Logits, output)]);
        var random = new Random(1);
        int images = (int)builder.Nodes.Single(n => n.Operation is ReadImages).Outputs[0]!.Shape.Count;
        var inputs = new GraphInputs(
            Batch,
            parameters.ToDictionary(p => p.Name, p => RandomInputs.Uniform(random, p.Count, 1)),
            RandomInputs.Uniform(random, Batch * images, 1),
            new int[Batch]);
        DataflowGraph after = PassList.Whole.Apply(PassList.Forward.Apply(before));
        double error = RelativeError.Of(
            GraphInterpreter.Evaluate(after, inputs).Logits.Elements, GraphInterpreter.Evaluate(before, inputs).Logits.Elements);
        Assert.True(error <= 1e-12, $"The passes change the result by {error:E1}:\n{before}\nbecame\n{after}");
        return after;
    }

    private static Parameter Declare(string name, params int[] shape) =>
        new(name, EquatableArray.Of(shape), ParameterKind.Head, new(Distribution.Constant, 0), Trained: true);
}
