using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>The point of the compiler: what cannot matter is not computed. Names of layers and values come from the backbone.</summary>
public sealed class PruningTests
{
    [Fact]
    public void Deep_prompts_are_normalised_and_become_keys_and_values_and_nothing_else()
    {
        PrunedModel model = PrunedModel.Prompted(0, 1, 2, 3);
        for (int layer = 0; layer < PrunedModel.Layers; layer++)
        {
            Node[] nodes = PrunedModel.OfPrompts(model.Forward, layer).ToArray();
            Assert.Equal(["LayerNorm", "Product", "Product"], nodes.Select(n => n.Operation.GetType().Name).Order());
            Node attention = Assert.Single(model.Forward.Nodes, n => n.Operation is Attention && n.Scope.Layer == layer);
            Assert.Equal(nodes.Where(n => n.Operation is Product).SelectMany(PrunedModel.Outputs), attention.Inputs.Skip(3));
        }
    }

    [Fact]
    public void Deep_prompts_are_computed_once_for_all_images()
    {
        PrunedModel model = PrunedModel.Prompted(0, 1, 2, 3);
        Assert.All(
            model.Forward.Nodes.SelectMany(PrunedModel.Outputs).Where(o => o.Shape.Rows == PrunedModel.PromptTokens),
            o => Assert.False(o.Shape.Batched, $"{o} depends on no image."));
    }

    [Fact]
    public void Shallow_prompts_go_on_through_every_layer_but_the_last()
    {
        PrunedModel model = PrunedModel.Prompted(0);
        for (int layer = 0; layer < PrunedModel.Layers - 1; layer++)
            Assert.Contains(PrunedModel.OfPrompts(model.Forward, layer), n => n.Operation is Attention && n.Outputs[0]!.Shape.Batched);
        Assert.DoesNotContain(PrunedModel.OfPrompts(model.Forward, PrunedModel.Layers - 1), n => n.Operation is Attention or Activate);
    }

    [Fact]
    public void Shallow_prompts_have_no_batch_until_they_have_attended_to_the_image()
    {
        PrunedModel model = PrunedModel.Prompted(0);
        Node[] projections = PrunedModel.OfPrompts(model.Forward, 0).TakeWhile(n => n.Operation is not Attention).ToArray();
        Assert.Equal(3, projections.Count(n => n.Operation is Product));
        Assert.All(projections.SelectMany(PrunedModel.Outputs), o => Assert.False(o.Shape.Batched));
    }

    [Fact]
    public void Dropped_prompts_are_not_computed_where_they_have_left()
    {
        PrunedModel model = PrunedModel.PromptedAndDropped(0, 2);
        Assert.Equal(3, PrunedModel.OfPrompts(model.Forward, 0).Count());
        Assert.Empty(PrunedModel.OfPrompts(model.Forward, 1));
        Assert.Equal(3, PrunedModel.OfPrompts(model.Forward, 2).Count());
        Assert.Empty(PrunedModel.OfPrompts(model.Forward, 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_differentiated_below_the_first_prompted_layer(int first)
    {
        PrunedModel model = PrunedModel.Prompted([.. Enumerable.Range(first, PrunedModel.Layers - first)]);
        IEnumerable<int> differentiated = model.Backward.Select(n => n.Scope.Layer).Where(l => l >= 0).Distinct();
        Assert.Equal(Enumerable.Range(first, PrunedModel.Layers - first), differentiated.Order());
        Assert.DoesNotContain(model.Backward, n => n.Scope.Part == "embedding");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void In_the_first_prompted_layer_only_the_prompts_keys_and_values_get_a_gradient(int first)
    {
        PrunedModel model = PrunedModel.Prompted([.. Enumerable.Range(first, PrunedModel.Layers - first)]);
        Node gradient = Assert.Single(model.Backward, n => n.Operation is AttentionGradient && n.Scope.Layer == first);
        Assert.Equal(1, ((AttentionGradient)gradient.Operation).Segments);
        Assert.Equal([1, 2], PrunedModel.Outputs(gradient).Select(o => o.Index));
        Assert.All(PrunedModel.Outputs(gradient), o => Assert.Equal(new Shape(false, PrunedModel.PromptTokens, 12), o.Shape));
        Result prompts = Assert.Single(model.Training.Results, r => r.Parameter?.Parameter.Name == $"prompts.{first}");
        Assert.IsType<LayerNormGradient>(prompts.Value.Producer.Operation);
    }

    [Fact]
    public void A_linear_probe_differentiates_the_head_alone()
    {
        PrunedModel model = PrunedModel.Linear();
        Assert.All(model.Backward, n => Assert.Equal("head", n.Scope.Part));
        Assert.Equal(["CrossEntropyGradient", "Product", "SumRows"], model.Backward.Select(n => n.Operation.GetType().Name).Order());
        Assert.DoesNotContain(model.Training.Nodes, n => n.Operation is Attention or LayerNorm && n.Outputs[1] is not null);
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient_and_trained_ones_all_do()
    {
        foreach (PrunedModel model in new[]
        {
            PrunedModel.Linear(), PrunedModel.Full(), PrunedModel.Prompted(0), PrunedModel.PromptedAndDropped(1, 3),
        })
        {
            var reached = model.Training.Results.Where(r => r.Role == ResultRole.Gradient).Select(r => r.Parameter!.Parameter.Name);
            Assert.Equal(model.Parameters.Where(p => p.Trained).Select(p => p.Name).Order(), reached.Distinct().Order());
        }
    }

    [Fact]
    public void Frozen_weights_cost_no_product_of_gradients()
    {
        PrunedModel model = PrunedModel.Prompted(0, 1, 2, 3);
        Node weight = Assert.Single(model.Backward, n => n.Operation is Product { Layout: ProductLayout.TN });
        Result result = Assert.Single(model.Training.Results, r => ReferenceEquals(r.Value, weight.Outputs[0]));
        Assert.Equal("head.weight", result.Parameter!.Parameter.Name);
        Assert.DoesNotContain(model.Backward, n => n.Operation is LayerNormParameterGradient);
    }

    [Fact]
    public void The_last_layer_computes_one_row_an_image_after_its_keys_and_values()
    {
        foreach (PrunedModel model in new[] { PrunedModel.Linear(), PrunedModel.Full(), PrunedModel.Prompted(0, 1, 2, 3) })
        {
            Node[] nodes = model.Forward.Nodes.Where(n => n.Operation is not ReadParameter).ToArray();
            Node[] last = nodes.Where(n => n.Scope.Layer == PrunedModel.Layers - 1).ToArray();
            Node attention = Assert.Single(last, n => n.Operation is Attention);
            Value norm = attention.Inputs[1].Producer.Inputs[0];
            Value[] whole =
                last.Select(n => n.Outputs[0]!).Where(o => o.Shape is { Batched: true, Rows: PrunedModel.ImageTokens }).ToArray();
            Assert.Equal([norm, attention.Inputs[1], attention.Inputs[2]], whole);
            Assert.Equal(1, attention.Inputs[0].Shape.Rows);
            Assert.All(last.SkipWhile(n => n != attention).SelectMany(PrunedModel.Outputs), o => Assert.Equal(1, o.Shape.Rows));
            Assert.All(nodes.Where(n => n.Scope.Part == "head").SelectMany(PrunedModel.Outputs), o => Assert.Equal(1, o.Shape.Rows));
        }
    }

    [Fact]
    public void The_last_layers_backward_pass_has_one_row_an_image_before_its_keys_and_values()
    {
        PrunedModel model = PrunedModel.Full();
        Node[] last = model.Backward.Where(n => n.Scope.Layer == PrunedModel.Layers - 1).ToArray();
        Assert.All(
            last.TakeWhile(n => n.Operation is not AttentionGradient).SelectMany(PrunedModel.Outputs).Where(o => o.Shape.Batched),
            o => Assert.True(o.Shape.Rows == 1 || o.Producer.Operation is PadRows, $"{o} is wider than the class token."));
    }
}
