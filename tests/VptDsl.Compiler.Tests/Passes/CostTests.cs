using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>Multiply-adds of one image through ViT-B/16 at 224 pixels, against counts made by hand.</summary>
public sealed class CostTests
{
    private const long Tokens = 197, Patches = 196, Width = 768, Layers = 12, PatchElements = 768, Classes = 10;

    // In the paper's code every layer takes the prompts through query, attention, projection and MLP: 18.49, 22.22, 26.97, 36.74.
    [Theory]
    [InlineData(0, 17.56)]
    [InlineData(10, 17.60)]
    [InlineData(50, 17.74)]
    [InlineData(100, 17.93)]
    [InlineData(200, 18.29)]
    public void Deep_prompts_cost_an_image_only_the_attention_to_them(int prompts, double billions)
    {
        long perImage = PerImage(RemoveDead.Run(Deep(prompts)));

        long linearLayers = 12 * Width * Width * Tokens;
        long attention = 2 * Tokens * (Tokens + prompts) * Width;
        long embedding = Patches * PatchElements * Width, head = Classes * Width;
        Assert.Equal((Layers * (linearLayers + attention)) + embedding + head, perImage);
        Assert.Equal(billions, Math.Round(perImage / 1e9, 2));
    }

    [Fact]
    public void Narrowing_saves_all_but_the_class_token_of_the_last_layer_after_its_keys_and_values()
    {
        const int prompts = 50;
        long before = PerImage(RemoveDead.Run(Deep(prompts))), after = PerImage(PassList.Forward.Apply(Deep(prompts)));

        // Query and projection are one square each, the MLP eight; attention is scores and the weighted sum.
        long savedForARow = ((1 + 1 + 8) * Width * Width) + (2 * (Tokens + prompts) * Width);
        Assert.Equal(savedForARow * (Tokens - 1), before - after);
        Assert.Equal(16.51, Math.Round(after / 1e9, 2));
    }

    [Fact]
    public void Prompts_keys_and_values_are_a_cost_of_the_step_and_not_of_the_image()
    {
        const int prompts = 50;
        DataflowGraph graph = PassList.Forward.Apply(Deep(prompts));
        Assert.Equal(2 * Layers * prompts * Width * Width, Total(graph, perImage: false));
    }

    [Fact]
    public void The_backward_pass_of_deep_prompts_leads_to_the_prompts_and_nowhere_else()
    {
        const int prompts = 50;
        long backward = PerImage(Step(Deep(prompts))) - PerImage(PassList.Forward.Apply(Deep(prompts)));

        // Scores and their gradients are computed anew, then the gradients of query, key and value: five products.
        const long square = Width * Width, attentionRow = 5 * (Tokens + prompts) * Width;
        const long between = Tokens * ((12 * square) + attentionRow);

        // The first layer's image tokens depend on nothing trained: MLP, projection, and the prompts' keys and values in attention.
        const long first = Tokens * ((9 * square) + (4 * prompts * Width));

        // In the last layer the class token is alone until the gradients of keys and values spread over the image.
        const long last = (10 * square) + attentionRow + (Tokens * 2 * square);
        const long head = 2 * Classes * Width;
        Assert.Equal(first + ((Layers - 2) * between) + last + head, backward);
    }

    [Fact]
    public void Training_everything_costs_one_product_more_for_each_linear_layer()
    {
        DataflowGraph step = RemoveDead.Run(ReverseMode.Differentiate(PassList.Forward.Apply(Build(null, TrainedSet.Everything))));
        Assert.Equal(Products(step, ProductLayout.NT), Products(step, ProductLayout.TN));
        Assert.Equal(Classes * Width, Products(Step(Deep(50)), ProductLayout.TN));
    }

    private static DataflowGraph Step(DataflowGraph forward) =>
        PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(forward)));

    private static DataflowGraph Deep(int prompts) => Build(
        prompts == 0 ? null : new(prompts, Enumerable.Range(0, (int)Layers).ToEquatableArray(), PromptFlow.Carry),
        TrainedSet.PromptsAndHead);

    private static DataflowGraph Build(TokenPromptSpec? prompts, TrainedSet trained) => ClassifierGraph.Build(new(
        new("Cost", "Tuner", "public"),
        new VitSpec(Image: 224, Channels: 3, Patch: 16, (int)Width, (int)Layers, Heads: 12, Mlp: 3072),
        prompts,
        new ClassifierHeadSpec((int)Classes),
        trained)).Graph;

    private static long PerImage(DataflowGraph graph) => Total(graph, perImage: true);

    private static long Products(DataflowGraph graph, ProductLayout layout) =>
        Total(new([.. graph.Nodes.Where(n => n.Operation is Product product && product.Layout == layout)], []), perImage: true);

    /// <summary>The multiply-adds of products and attention; what works element by element is left out, as is usual.</summary>
    private static long Total(DataflowGraph graph, bool perImage) => graph.Nodes
        .Where(n => n.Operation is Product or Attention or AttentionGradient && n.Inputs.Any(i => i.Shape.Batched) == perImage)
        .Sum(n => n.Operation.FloatingPointOperations(
            n.Inputs.Select(i => i.Shape).ToArray(), n.Outputs.Select(o => o?.Shape).ToArray()) / 2);
}
