using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>
/// What falls out of the graph for convolutional networks: which patches are stored, and what is computed for frozen ones.
/// </summary>
public sealed class ConvolutionFusionTests
{
    private static readonly ResNetSpec ResNet = new(
        32, 3, StemWidth: 16, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(16, 16, 16, 16), Expansion: 2);

    [Fact]
    public void Patches_that_one_product_reads_are_not_stored()
    {
        Operation[] forward = Forward(Declare(new PadPromptSpec(2, PixelStart.Colours), TrainedSet.PromptsAndHead));

        // The 3×3 convolutions of four blocks, and the 1×1 shortcuts that skip every other pixel; the stem has three channels only.
        Assert.Equal(7, forward.Count(o => o is SlidingProduct));
        Assert.Single(forward, o => o is ExtractSlidingPatches);
    }

    [Fact]
    public void Patches_that_a_weight_gradient_reads_too_are_stored_once()
    {
        Operation[] forward = Forward(Declare(null, TrainedSet.Everything));

        Assert.DoesNotContain(forward, o => o is SlidingProduct);
        Assert.Equal(8, forward.Count(o => o is ExtractSlidingPatches));
    }

    [Fact]
    public void Pixels_around_the_image_need_the_gradients_of_maps_and_of_no_weight()
    {
        CompiledModel model = ModelCompiler.Analyze(Declare(new PadPromptSpec(2, PixelStart.Colours), TrainedSet.PromptsAndHead));

        Step[] backward = [.. model.Training.Steps.Where(s => s.Scope.Backward)];
        Assert.Single(backward, s => s.Call.Operation is Product { Layout: ProductLayout.TN });
        Step border = Assert.Single(backward, s => s.Call.Operation is PadImagesGradient);
        Assert.Null(border.Call.Outputs[0].Layout);
    }

    [Fact]
    public void A_linear_probe_keeps_features()
    {
        CompiledModel model = ModelCompiler.Analyze(Declare(null, TrainedSet.PromptsAndHead));

        Assert.Equal(new Shape(true, 1, 32), model.Features);
        Assert.DoesNotContain(model.Training.Steps, s => s.Call.Operation is SlidingProduct or ExtractSlidingPatches or MaxPool);
    }

    private static Operation[] Forward(ModelSpec spec) =>
        [.. ModelCompiler.Analyze(spec).Training.Steps.Where(s => !s.Scope.Backward).Select(s => s.Call.Operation)];

    private static ModelSpec Declare(PromptSpec? prompts, TrainedSet trained) =>
        new(new("Tests", "Convolutional", "public"), ResNet, prompts, new ClassifierHeadSpec(5), trained);
}
