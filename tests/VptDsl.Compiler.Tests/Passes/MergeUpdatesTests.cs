using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>Low-rank updates train little, and cost inference nothing once they are part of the weights.</summary>
public sealed class MergeUpdatesTests
{
    private static readonly LoRATargets[] Targets =
        [LoRATargets.Query | LoRATargets.Value, LoRATargets.Attention, LoRATargets.Mlp, LoRATargets.All];

    public static TheoryData<string> Families => PrunedFamily.Names;

    [Theory]
    [MemberData(nameof(Families))]
    public void An_image_goes_through_as_many_products_of_the_same_sizes_as_without_updates(string family)
    {
        foreach (int[] prompted in new int[][] { [], [0], PrunedFamily.AllLayers })
        {
            foreach (LoRATargets on in Targets)
            {
                ModelSpec plain = PrunedFamily.Declare(family, prompted);
                Assert.Equal(Products(Whole(plain)), Products(Whole(plain with { LoRA = new(2, 4, on) })));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Each_updated_weight_is_computed_once_beforehand(string family)
    {
        ModelSpec spec = PrunedFamily.Declare(family, PrunedFamily.AllLayers) with { LoRA = new(2, 4, LoRATargets.All) };
        ProgramPlan inference = ModelCompiler.Analyze(spec).Inference;

        // Query, key, value and projection, one or two sides of the MLP's first layer, its second.
        int weights = ((VitSpec)spec.Backbone).MlpForm == MlpForm.Plain ? 6 : 7;
        Assert.Equal(
            weights * PrunedFamily.Layers, inference.Prepare.Count(s => s.Call.Operation is Product { Layout: ProductLayout.NN }));
        Assert.DoesNotContain(inference.Steps.SelectMany(s => s.Operands), o => o.Name.Contains("Lora", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Of_weights_the_updates_alone_get_a_gradient(string family)
    {
        ModelSpec spec = PrunedFamily.Declare(family) with { LoRA = new(2, 4, LoRATargets.All) };
        var model = new PrunedFamily(spec);

        string[] reached = [.. model.Training.Results.Where(r => r.Role == ResultRole.Gradient).Select(r => r.Parameter!.Parameter.Name)];
        Assert.Equal(model.Parameters.Where(p => p.Trained).Select(p => p.Name).Order(), reached.Distinct().Order());
        Assert.All(reached, name => Assert.Matches(@"\.lora_[AB]\.weight$|^head\.", name));
        Assert.DoesNotContain(model.Backward, n => n.Operation is LayerNormParameterGradient or AttentionBiasGradient);
        Assert.All(
            model.Backward.Where(n => n.Operation is Product { Layout: ProductLayout.TN }).Select(n => n.Outputs[0]),
            o => Assert.Contains(model.Training.Results, r => ReferenceEquals(r.Value, o)));
    }

    /// <summary>The steps of an image, wherever they are cut: features may be kept later where nothing below is trained.</summary>
    private static IEnumerable<Step> Whole(ModelSpec spec)
    {
        CompiledModel model = ModelCompiler.Analyze(spec);
        return (model.Encoding?.Steps ?? []).Concat(model.Inference.Steps);
    }

    private static string[] Products(IEnumerable<Step> steps) =>
    [
        .. steps.Where(s => s.Call.Operation is Product && s.Operands[^1].Shape.Batched)
            .Select(s => $"{s.Scope.Part}.{s.Scope.Layer}: {s.Operands[0].Shape} by {s.Operands[1].Shape}"),
    ];
}
