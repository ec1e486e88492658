using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>
/// What later families add to a vision transformer, such as registers, rotary positions, gates and pools, costs them nothing of what the
/// plain one saves.
/// </summary>
public sealed class FamilyPruningTests
{
    private const int Last = PrunedFamily.Layers - 1;

    public static TheoryData<string> Families => PrunedFamily.Names;

    [Theory]
    [MemberData(nameof(Families))]
    public void Deep_prompts_are_normalised_and_become_keys_and_values_and_nothing_else(string family)
    {
        PrunedFamily model = PrunedFamily.Prompted(family, PrunedFamily.AllLayers);
        foreach (int layer in PrunedFamily.AllLayers)
        {
            Node[] ofPrompts = [.. model.InLayer(layer).Where(n => Outputs(n).Any(o => o.Shape.Rows == PrunedFamily.PromptTokens))];
            Assert.Equal(["LayerNorm", "Product", "Product"], ofPrompts.Select(n => n.Operation.GetType().Name).Order());
            Assert.All(ofPrompts.SelectMany(Outputs), o => Assert.False(o.Shape.Batched));
            Node attention = Assert.Single(model.InLayer(layer), n => n.Operation is Attention);
            Assert.Equal(ofPrompts.Where(n => n.Operation is Product).SelectMany(Outputs), attention.Inputs.Skip(3).Take(2));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Of_the_last_layer_only_keys_and_values_are_computed_for_tokens_that_the_pool_does_not_read(string family)
    {
        PrunedFamily model = PrunedFamily.Prompted(family, PrunedFamily.AllLayers);
        Node[] last = [.. model.InLayer(Last)];
        Node attention = Assert.Single(last, n => n.Operation is Attention);

        Assert.All(
            last.SkipWhile(n => n != attention).SelectMany(Outputs),
            o => Assert.Equal(model.TokensRead, o.Shape.Rows));
        Assert.Equal(model.TokensRead, attention.Inputs[0].Shape.Rows);
        if (model.TokensRead < model.Tokens)
        {
            Node[] whole = [.. last.Where(n => Outputs(n).Any(o => o.Shape.Batched && o.Shape.Rows == model.Tokens))];
            string[] turned = model.Vit.Rotary == RotaryEmbedding.None ? [] : ["Rotate"];
            Assert.Equal(["LayerNorm", "Product", "Product", .. turned], whole.Select(n => n.Operation.GetType().Name).Order());
        }

        Node[] head = [.. model.InLayer(PrunedFamily.Layers)];
        Assert.All(head.SelectMany(Outputs), o => Assert.True(o.Shape.Rows <= model.TokensRead, $"{o} is of more than the pool reads."));
        Assert.Equal(1, head.Single(n => n.Operation is CrossEntropy).Inputs[0].Shape.Rows);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Frozen_parameters_get_no_gradient_and_trained_ones_all_do(string family)
    {
        PrunedFamily model = PrunedFamily.Prompted(family, PrunedFamily.AllLayers);

        Result[] gradients = [.. model.Training.Results.Where(r => r.Role == ResultRole.Gradient)];
        Assert.Equal(
            ["head.bias", "head.weight", .. PrunedFamily.AllLayers.Select(l => $"prompts.{l}")],
            gradients.Select(r => r.Parameter!.Parameter.Name).Order());
        Assert.Equal(
            "head.weight",
            Assert.Single(gradients, r => r.Value.Producer.Operation is Product { Layout: ProductLayout.TN }).Parameter!.Parameter.Name);
        Assert.Single(model.Backward, n => n.Operation is Product { Layout: ProductLayout.TN });
        Assert.Single(model.Backward, n => n.Operation is SumRows);
        Assert.DoesNotContain(
            model.Backward,
            n => n.Operation is LayerNormParameterGradient or AttentionBiasGradient or ExpandRelativeBiasGradient or SumImages);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Nothing_is_differentiated_below_the_first_prompted_layer(string family)
    {
        PrunedFamily model = PrunedFamily.Prompted(family, 1, 2);

        Assert.Equal([1, 2], model.Backward.Select(n => n.Scope.Layer).Where(l => l >= 0).Distinct().Order());
        Assert.DoesNotContain(model.Backward, n => n.Scope.Part == "embedding");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void In_the_first_prompted_layer_only_the_prompts_keys_and_values_get_a_gradient(string family)
    {
        PrunedFamily model = PrunedFamily.Prompted(family, PrunedFamily.AllLayers);

        Node gradient = Assert.Single(model.Backward, n => n.Operation is AttentionGradient && n.Scope.Layer == 0);
        Assert.Equal([1, 2], Outputs(gradient).Select(o => o.Index));
        Assert.All(Outputs(gradient), o => Assert.Equal(new(false, PrunedFamily.PromptTokens, model.Vit.Width), o.Shape));

        // Queries and keys of each later layer turn back, those of the first do not.
        int turns = model.Vit.Rotary == RotaryEmbedding.None ? 0 : 2;
        Assert.Equal(turns * Last, model.Backward.Count(n => n.Operation is Rotate { Back: true }));
        Assert.DoesNotContain(model.Backward, n => n.Operation is Rotate && n.Scope.Layer == 0);
    }

    [Theory]
    [InlineData("DINOv3")]
    [InlineData("DINOv3 with gates")]
    [InlineData("EVA-02")]
    public void The_table_of_rotary_positions_is_laid_out_once_for_all_layers_and_steps(string family)
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare(family, PrunedFamily.AllLayers));

        Step table = Assert.Single(model.Folding!.Steps, s => s.Call.Operation is PadRows);
        Operand folded = table.Operands[^1];
        Step[] turns = [.. Steps(model).Where(s => s.Call.Operation is Rotate)];
        Assert.Equal((2 * PrunedFamily.Layers * 2) + (2 * Last), turns.Length);
        Assert.All(turns, s => Assert.Equal(Region.Folded, s.Operands[1].Address.Region));
        Assert.All(
            turns,
            s => Assert.InRange(
                s.Operands[1].Address.Fixed - folded.Address.Fixed, 0, folded.Shape.Count - s.Operands[1].Shape.Count));
        Assert.DoesNotContain(Steps(model), s => s.Call.Operation is PadRows && !s.Scope.Backward);
    }

    [Fact]
    public void Biases_for_relative_positions_are_expanded_once_and_not_in_steps()
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare("BEiT", PrunedFamily.AllLayers));

        Assert.Equal(PrunedFamily.Layers, model.Folding!.Steps.Count(s => s.Call.Operation is ExpandRelativeBias));
        Assert.DoesNotContain(Steps(model), s => s.Call.Operation is ExpandRelativeBias);
    }

    [Fact]
    public void The_query_of_a_frozen_pool_is_computed_once()
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare("SigLIP", PrunedFamily.AllLayers));

        Assert.Equal("poolQuery", Assert.Single(model.Folding!.Steps, s => s.Call.Operation is Product).Operands[^1].Name);
        Assert.DoesNotContain(Steps(model).SelectMany(s => s.Operands), o => o.Name == "attnPoolQWeight");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_linear_probe_runs_the_backbone_once_for_an_image(string family)
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare(family));

        Assert.Equal(1, model.Features!.Rows);
        Assert.Equal(PrunedFamily.Layers, model.Encoding!.Steps.Count(s => s is { Call.Operation: Attention, Scope.Layer: >= 0 }));
        Assert.All(model.Training.Steps, s => Assert.Equal("head", s.Scope.Part));
        Assert.DoesNotContain(model.Training.Steps, s => s.Call.Operation is Attention);
    }

    private static IEnumerable<Step> Steps(CompiledModel model) =>
        model.Training.Steps.Concat(model.Inference.Prepare).Concat(model.Inference.Steps);

    private static IEnumerable<Value> Outputs(Node node) => node.Outputs.OfType<Value>();
}
