using VptDsl.Inspection;

namespace VptDsl.Tests.Weights;

/// <summary>What is told of a checkpoint is said in the words of its family, with the fewest arguments that say all of it.</summary>
public sealed class VitFamilyTests
{
    [Fact]
    public void A_plain_vision_transformer_is_one() =>
        Assert.Equal("[Vit(VitSize.Base, Patch = 16, Image = 224)]", Base.Attribute);

    [Fact]
    public void DinoV2_is_told_by_its_scales() =>
        Assert.Equal("[DinoV2(DinoV2Size.Base, Image = 518)]", (Base with { Patch = 14, Image = 518, LayerScale = true }).Attribute);

    [Fact]
    public void DinoV2_with_registers_has_positions_on_patches() => Assert.Equal(
        "[DinoV2(DinoV2Size.Base, Image = 518, Registers = 4)]",
        (Base with
        {
            Patch = 14,
            Image = 518,
            LayerScale = true,
            Registers = 4,
            Positions = PositionEmbedding.LearnedOnPatches,
        }).Attribute);

    [Theory]
    [InlineData(AttentionBias.None, "[DinoV3(DinoV3Size.Base, Image = 256)]")]
    [InlineData(AttentionBias.QueryAndValue, "[DinoV3(DinoV3Size.Base, Image = 256, AttentionBias = AttentionBias.QueryAndValue)]")]
    public void DinoV3_is_told_by_rotary_positions(AttentionBias bias, string attribute) => Assert.Equal(
        attribute,
        (Base with
        {
            Image = 256,
            LayerScale = true,
            Registers = 4,
            Positions = PositionEmbedding.None,
            Rotary = RotaryEmbedding.Halves,
            AttentionBias = bias,
            Epsilon = 1e-5,
        }).Attribute);

    [Fact]
    public void SigLip_is_told_by_its_pool() => Assert.Equal(
        "[SigLip(SigLipSize.Base, Image = 384)]",
        (Base with { Image = 384, ClassToken = false, Pool = TokenPool.Attention, Activation = ActivationKind.GeluTanh }).Attribute);

    [Fact]
    public void Clip_is_told_by_its_first_norm_whatever_its_activation() => Assert.Equal(
        "[Clip(ClipSize.Base, Patch = 32, Image = 224)]",
        (Base with { Patch = 32, PreNorm = true, Epsilon = 1e-5, ActivationIsGuessed = true }).Attribute);

    [Fact]
    public void Beit_is_told_by_its_tables() => Assert.Equal(
        "[Beit(BeitSize.Base, Image = 224)]",
        (Base with
        {
            Positions = PositionEmbedding.None,
            RelativeBias = true,
            AttentionBias = AttentionBias.QueryAndValue,
            LayerScale = true,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        }).Attribute);

    private static VitSketch Base =>
        new(Width: 768, Layers: 12, Heads: 12, HeadsAreGuessed: false, Mlp: 3072, Patch: 16, Image: 224, Channels: 3);
}
