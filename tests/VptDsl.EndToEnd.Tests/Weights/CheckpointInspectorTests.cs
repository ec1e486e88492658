using VptDsl.Testing.Golden;
using VptDsl.Inspection;

namespace VptDsl.EndToEnd.Tests.Weights;

/// <summary>
/// A checkpoint of each architecture, as its authors' code or torchvision writes it, tells the declaration that loads it.
/// </summary>
public sealed class CheckpointInspectorTests
{
    private const string ImageSize = "the image's size";

    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_told_of_a_golden_backbone_has_every_tensor_of_its_file(string name)
    {
        CheckpointDescription description = CheckpointInspector.Describe(GoldenCase.Load(name).BackboneFile);

        Assert.NotNull(description.Backbone);
        Assert.Null(description.Problem);
    }

    [Theory]
    [InlineData("vit_linear", "[Vit(Width = 32, Layers = 3, Heads = ?, Patch = 8, Image = 32)]", "the number of heads")]
    [InlineData(
        "mae_linear",
        "[Vit(Width = 24, Layers = 2, Heads = ?, Patch = 8, Image = 32, Pool = TokenPool.AllButClass, FinalNorm = FinalNorm.AfterPool)]",
        "the number of heads")]
    [InlineData(
        "clip_linear",
        "[Vit(Width = 35, Layers = 2, Heads = ?, Mlp = 120, Patch = 5, Image = 25, Epsilon = 1E-05, PreNorm = true)]",
        "the number of heads and the activation")]
    [InlineData(
        "dinov2_linear", "[Vit(Width = 30, Layers = 3, Heads = ?, Mlp = 110, Patch = 8, Image = 24, LayerScale = true)]",
        "the number of heads")]
    [InlineData(
        "dinov3_linear",
        "[Vit(Width = 48, Layers = 2, Heads = ?, Mlp = 130, Patch = 6, Image = 96, Registers = 4, Positions = PositionEmbedding.None, "
            + "Rotary = RotaryEmbedding.Halves, AttentionBias = AttentionBias.QueryAndValue, Epsilon = 1E-05, LayerScale = true)]",
        "the number of heads and the image's size")]
    [InlineData(
        "siglip_linear",
        "[Vit(Width = 28, Layers = 2, Heads = ?, Mlp = 104, Patch = 8, Image = 32, ClassToken = false, Pool = TokenPool.Attention, "
            + "Activation = ActivationKind.GeluTanh)]",
        "the number of heads and the activation")]
    [InlineData(
        "eva02_deep",
        "[Vit(Width = 36, Layers = 3, Heads = ?, Mlp = 96, Patch = 7, Image = 28, Rotary = RotaryEmbedding.Pairs, "
            + "AttentionBias = AttentionBias.QueryAndValue, MlpForm = MlpForm.GatedAndNormalized, Pool = TokenPool.ImageTokens, "
            + "FinalNorm = FinalNorm.AfterPool)]",
        "the number of heads and the patches on a side in pre-training (RotaryGrid)")]
    [InlineData("swin_linear", """[Swin(Width = 12, Depths = "2,2", Heads = "2,4", Image = 32, Window = 4)]""", ImageSize)]
    [InlineData("swin_deep_w4", """[Swin(Width = 6, Depths = "1,2,2,1", Heads = "1,2,2,3", Image = 32, Window = 4)]""", null)]
    [InlineData("swin_deep", """[Swin(Width = 6, Depths = "2,2,2,2", Heads = "1,2,3,4", Patch = 2, Image = 32, Window = 4)]""", null)]
    [InlineData("convnext_linear", """[ConvNeXt(Depths = "1,1,2,1", Widths = "8,12,16,28")]""", ImageSize)]
    [InlineData("resnet_linear", """[ResNet(Depths = "1,2,1,1", Widths = "4,6,12,20", Stem = 8)]""", ImageSize)]
    public void A_golden_backbone_tells_its_declaration(string name, string attribute, string? guessed)
    {
        CheckpointDescription description = CheckpointInspector.Describe(GoldenCase.Load(name).BackboneFile);

        Assert.Equal((attribute, guessed), (description.Attribute, description.Backbone?.Guessed));
    }

    [Theory]
    [InlineData("convnext", "torchvision ConvNeXt", """[ConvNeXt(Depths = "1,2,1,1", Widths = "4,6,8,10")]""")]
    [InlineData("resnet_bottleneck", "timm", """[ResNet(Depths = "1,2,1,1", Widths = "2,3,4,5", Stem = 6)]""")]
    [InlineData("resnet_basic", "timm", """[ResNet(Depths = "2,1,1,2", Widths = "6,7,8,9", Expansion = 1, Stem = 6)]""")]
    public void A_backbone_of_torchvision_tells_its_declaration(string name, string dialect, string attribute)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Torchvision", "Vectors", name + ".weights.safetensors");

        CheckpointDescription description = CheckpointInspector.Describe(path);

        Assert.Equal((dialect, attribute, null), (description.Dialect, description.Attribute, description.Problem));
    }
}
