using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>
/// Windows and images share the prompts' keys and values, which are computed once a step, and gradients go where something is trained and
/// nowhere else. The features are the mean over all tokens, so that what becomes of the last block's prompts counts.
/// </summary>
public sealed class SwinPruningTests
{
    private static readonly int[] AllBlocks = [.. Enumerable.Range(0, PrunedSwin.Blocks)];

    [Fact]
    public void Deep_prompts_are_normalised_and_become_keys_and_values_and_nothing_else()
    {
        PrunedSwin model = PrunedSwin.Prompted(AllBlocks);
        foreach (int block in AllBlocks.SkipLast(1))
        {
            Node[] ofPrompts = [.. OfPrompts(model.Forward).Where(n => model.BlockOf(n) == block)];
            Assert.Equal(["LayerNorm", "Product", "Product"], ofPrompts.Select(n => n.Operation.GetType().Name).Order());
            Assert.All(ofPrompts, n => Assert.False(n.Outputs[0]!.Shape.Batched));
            Node attention = AttentionOf(model, block);
            Assert.Equal(ofPrompts.Where(n => n.Operation is Product).Select(n => n.Outputs[0]), attention.Inputs.TakeLast(2));
        }

        Assert.Single(model.Forward.Nodes, n => n.Operation is WindowAttention { OfPrompts: true });
    }

    [Fact]
    public void Keys_and_values_of_prompts_are_one_product_a_block()
    {
        DataflowGraph step = PassList.Whole.Apply(PrunedSwin.Prompted(AllBlocks).Training);
        Node[] products =
        [
            .. step.Nodes.Where(n => n is { Operation: Product, Scope.Backward: false } && n.Outputs[0]!.Shape is { Batched: false }),
        ];

        // The last block's prompts query too.
        int[] widths = [.. AllBlocks.Select(b => (b == PrunedSwin.Blocks - 1 ? 3 : 2) * PrunedSwin.Small.WidthOf(b))];
        Assert.Equal(widths.Select(w => new Shape(false, PrunedSwin.PromptTokens, w)), products.Select(n => n.Outputs[0]!.Shape));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(96)]
    public void Prompts_cost_a_step_the_same_whatever_the_number_of_windows(int image)
    {
        PrunedSwin model = PrunedSwin.Prompted(PrunedSwin.Small with { Image = image }, AllBlocks);
        long Square(int block) => model.Swin.WidthOf(block) * model.Swin.WidthOf(block);

        Assert.Equal(PrunedSwin.PromptTokens * ((2 * AllBlocks.Sum(Square)) + Square(PrunedSwin.Blocks - 1)), model.ForStep);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void An_image_pays_for_attention_to_prompts_and_for_those_of_the_last_block(int image)
    {
        PrunedSwin prompted = PrunedSwin.Prompted(PrunedSwin.Small with { Image = image }, AllBlocks);
        PrunedSwin plain = PrunedSwin.Linear(prompted.Swin);
        const int last = PrunedSwin.Blocks - 1, area = 4 * 4;

        // Scores and the weighted sum, over as many keys more as there are prompts.
        long attention = AllBlocks.Sum(b => 2L * prompted.Swin.TokensOf(b) * PrunedSwin.PromptTokens * prompted.Swin.WidthOf(b));

        // The last block's prompts attend in each window, then their mean goes through projection and MLP.
        long width = prompted.Swin.WidthOf(last), windows = prompted.Swin.TokensOf(last) / area;
        long lastPrompts = PrunedSwin.PromptTokens * ((2 * windows * (area + PrunedSwin.PromptTokens) * width) + ((1 + 8) * width * width));
        Assert.Equal(attention + lastPrompts, prompted.ForImage - plain.ForImage);
    }

    [Fact]
    public void Shallow_prompts_belong_to_an_image_once_they_have_attended_and_to_no_window()
    {
        PrunedSwin model = PrunedSwin.Prompted(0);
        foreach (int block in AllBlocks)
        {
            Node attention = AttentionOf(model, block);
            Shape keys = new(Batched: block > 0, PrunedSwin.PromptTokens, model.Swin.WidthOf(block));
            Assert.Equal([keys, keys], attention.Inputs.TakeLast(2).Select(i => i.Shape));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_is_differentiated_before_the_first_prompted_block(int first)
    {
        PrunedSwin model = PrunedSwin.PromptedFrom(first);

        // After the last block comes the norm before the head.
        Assert.Equal(
            Enumerable.Range(first, PrunedSwin.Blocks + 1 - first), model.Backward.Select(model.BlockOf).OfType<int>().Distinct().Order());
        Assert.DoesNotContain(model.Backward, n => n.Scope.Part == "embedding");
        Assert.Equal(
            PrunedSwin.Blocks - 1 - first,
            model.Backward.Count(n => n.Operation is WindowAttentionGradient { Forward.OfPrompts: false } && n.Outputs[0] is not null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void In_the_first_prompted_block_only_the_prompts_keys_and_values_get_a_gradient(int first)
    {
        PrunedSwin model = PrunedSwin.PromptedFrom(first);

        Node gradient = Assert.Single(model.Backward, n => n.Operation is WindowAttentionGradient && model.BlockOf(n) == first);

        Assert.Equal([false, false, false, false, true, true], gradient.Outputs.Select(o => o is not null));
        Shape shape = new(Batched: false, PrunedSwin.PromptTokens, model.Swin.WidthOf(first));
        Assert.All(gradient.Outputs.TakeLast(2), o => Assert.Equal(shape, o!.Shape));
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient_and_trained_ones_all_do()
    {
        foreach (PrunedSwin model in new[]
        {
            PrunedSwin.Linear(PrunedSwin.Small), PrunedSwin.Prompted(0), PrunedSwin.PromptedFrom(2), PrunedSwin.PromptedFrom(0),
        })
        {
            var reached = model.Training.Results.Where(r => r.Role == ResultRole.Gradient).Select(r => r.Parameter!.Parameter.Name);
            Assert.Equal(model.Parameters.Where(p => p.Trained).Select(p => p.Name).Order(), reached.Distinct().Order());
            Result gradient = Assert.Single(
                model.Training.Results, r => r.Value.Producer.Operation is Product { Layout: ProductLayout.TN });
            Assert.Equal("head.weight", gradient.Parameter!.Parameter.Name);
            Assert.DoesNotContain(model.Backward, n => n.Operation is LayerNormParameterGradient);
            Assert.All(model.Backward.Where(n => n.Operation is WindowAttentionGradient { Forward.OfPrompts: false }), n =>
                Assert.Null(n.Outputs[3]));
        }
    }

    [Fact]
    public void A_linear_probe_differentiates_the_head_alone() => Assert.All(
        PrunedSwin.Linear(PrunedSwin.Small).Backward, n => Assert.Equal("head", n.Scope.Part));

    /// <summary>What is computed of prompts by themselves.</summary>
    private static IEnumerable<Node> OfPrompts(DataflowGraph graph) =>
        graph.Nodes.Where(n => n.Operation is not ReadParameter && n.Outputs.Any(o => o?.Shape.Rows == PrunedSwin.PromptTokens));

    /// <summary>Attention of a block's image tokens, found by its table of positions.</summary>
    private static Node AttentionOf(PrunedSwin model, int block) =>
        Assert.Single(model.Forward.Nodes, n => n.Operation is WindowAttention { OfPrompts: false } && model.BlockOf(n) == block);
}
