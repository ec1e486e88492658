using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using static VptDsl.Generators.Tests.Specs.DeclarationBuilder;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Protects what the families' attributes promise: each stands for the network of its publication.</summary>
public sealed class VitFamilyTests
{
    [Theory]
    [InlineData(DinoV2Size.Small, 384, 12, 6)]
    [InlineData(DinoV2Size.Base, 768, 12, 12)]
    [InlineData(DinoV2Size.Large, 1024, 24, 16)]
    public void DinoV2_has_patches_of_14_and_layer_scale(DinoV2Size size, int width, int layers, int heads) => Assert.Equal(
        Plain(224, 14, width, layers, heads) with { LayerScale = true },
        Resolve(AttributeKind.DinoV2, (int)size));

    [Fact]
    public void DinoV2s_giant_has_gates() => Assert.Equal(
        Plain(224, 14, 1536, 40, 24, mlp: 4096) with { LayerScale = true, MlpForm = MlpForm.Gated },
        Resolve(AttributeKind.DinoV2, (int)DinoV2Size.Giant));

    [Fact]
    public void DinoV2_with_registers_has_positions_on_patches_alone_unless_stated()
    {
        VitSpec four = Resolve(AttributeKind.DinoV2, (int)DinoV2Size.Base, ("Registers", 4));

        Assert.Equal(
            Plain(224, 14, 768, 12, 12) with { LayerScale = true, Registers = 4, Positions = PositionEmbedding.LearnedOnPatches }, four);
        Assert.Equal(5, four.PrefixTokens);
        Assert.Equal(
            four with { Positions = PositionEmbedding.Learned },
            Resolve(
                AttributeKind.DinoV2, (int)DinoV2Size.Base, ("Registers", 4), ("Positions", (int)PositionEmbedding.Learned)));
    }

    [Theory]
    [InlineData(DinoV3Size.Small, 384, 12, 6, MlpForm.Plain)]
    [InlineData(DinoV3Size.SmallPlus, 384, 12, 6, MlpForm.Gated)]
    [InlineData(DinoV3Size.Base, 768, 12, 12, MlpForm.Plain)]
    [InlineData(DinoV3Size.Large, 1024, 24, 16, MlpForm.Plain)]
    [InlineData(DinoV3Size.HugePlus, 1280, 32, 20, MlpForm.Gated)]
    public void DinoV3_turns_queries_and_keys_instead_of_adding_positions(
        DinoV3Size size, int width, int layers, int heads, MlpForm mlpForm) => Assert.Equal(
        Plain(256, 16, width, layers, heads) with
        {
            Registers = 4,
            Epsilon = 1e-5,
            Positions = PositionEmbedding.None,
            Rotary = RotaryEmbedding.Halves,
            AttentionBias = AttentionBias.None,
            LayerScale = true,
            MlpForm = mlpForm,
        },
        Resolve(AttributeKind.DinoV3, (int)size));

    [Theory]
    [InlineData(SigLipSize.Base, 224, 16, 768, 12, 12, 3072)]
    [InlineData(SigLipSize.Large, 256, 16, 1024, 24, 16, 4096)]
    [InlineData(SigLipSize.So400M, 224, 14, 1152, 27, 16, 4304)]
    [InlineData(SigLipSize.GiantOpt, 256, 16, 1536, 40, 16, 6144)]
    public void SigLip_has_an_attention_pool_and_no_class_token(
        SigLipSize size, int image, int patch, int width, int layers, int heads, int mlp) => Assert.Equal(
        Plain(image, patch, width, layers, heads, mlp) with
        {
            HasClassToken = false,
            Activation = ActivationKind.GeluTanh,
            Pool = TokenPool.Attention,
        },
        Resolve(AttributeKind.SigLip, (int)size));

    [Theory]
    [InlineData(ClipSize.Base, 16, 768, 12, 12, ActivationKind.QuickGelu)]
    [InlineData(ClipSize.Large, 14, 1024, 24, 16, ActivationKind.QuickGelu)]
    [InlineData(ClipSize.Huge, 14, 1280, 32, 16, ActivationKind.Gelu)]
    public void Clip_normalises_before_the_first_block(
        ClipSize size, int patch, int width, int layers, int heads, ActivationKind activation) => Assert.Equal(
        Plain(224, patch, width, layers, heads) with { Epsilon = 1e-5, PreNorm = true, Activation = activation },
        Resolve(AttributeKind.Clip, (int)size));

    [Theory]
    [InlineData(Eva02Size.Tiny, 192, 12, 3, 512, MlpForm.Gated)]
    [InlineData(Eva02Size.Small, 384, 12, 6, 1024, MlpForm.Gated)]
    [InlineData(Eva02Size.Base, 768, 12, 12, 2048, MlpForm.GatedAndNormalized)]
    [InlineData(Eva02Size.Large, 1024, 24, 16, 2730, MlpForm.GatedAndNormalized)]
    public void Eva02_has_learned_and_rotary_positions(Eva02Size size, int width, int layers, int heads, int mlp, MlpForm mlpForm)
    {
        VitSpec expected = Plain(224, 14, width, layers, heads, mlp) with
        {
            Rotary = RotaryEmbedding.Pairs,
            RotaryGrid = 16,
            AttentionBias = AttentionBias.QueryAndValue,
            MlpForm = mlpForm,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        };

        Assert.Equal(expected, Resolve(AttributeKind.Eva02, (int)size));
        Assert.Equal(expected with { Image = 448 }, Resolve(AttributeKind.Eva02, (int)size, ("Image", 448)));
    }

    [Theory]
    [InlineData(DeiTSize.Tiny, 192, 3)]
    [InlineData(DeiTSize.Small, 384, 6)]
    [InlineData(DeiTSize.Base, 768, 12)]
    public void DeiT_is_plain_and_distilled_has_a_token_more(DeiTSize size, int width, int heads)
    {
        VitSpec expected = Plain(224, 16, width, 12, heads);

        Assert.Equal(expected, Resolve(AttributeKind.DeiT, (int)size));
        VitSpec distilled = Resolve(AttributeKind.DeiT, (int)size, ("DistillationToken", 1));
        Assert.Equal(expected with { HasDistillationToken = true }, distilled);
        Assert.Equal(2, distilled.PrefixTokens);
    }

    [Theory]
    [InlineData(DeiT3Size.Small, 16, 384, 12, 6)]
    [InlineData(DeiT3Size.Medium, 16, 512, 12, 8)]
    [InlineData(DeiT3Size.Base, 16, 768, 12, 12)]
    [InlineData(DeiT3Size.Large, 16, 1024, 24, 16)]
    [InlineData(DeiT3Size.Huge, 14, 1280, 32, 16)]
    public void DeiT3_has_layer_scale_and_positions_on_patches_alone(DeiT3Size size, int patch, int width, int layers, int heads) =>
        Assert.Equal(
            Plain(224, patch, width, layers, heads) with { LayerScale = true, Positions = PositionEmbedding.LearnedOnPatches },
            Resolve(AttributeKind.DeiT3, (int)size));

    [Theory]
    [InlineData(BeitSize.Base, 768, 12, 12)]
    [InlineData(BeitSize.Large, 1024, 24, 16)]
    public void Beit_biases_scores_by_distance(BeitSize size, int width, int layers, int heads) => Assert.Equal(
        Plain(224, 16, width, layers, heads) with
        {
            Positions = PositionEmbedding.None,
            RelativeBias = true,
            AttentionBias = AttentionBias.QueryAndValue,
            LayerScale = true,
            Pool = TokenPool.ImageTokens,
            FinalNorm = FinalNorm.AfterPool,
        },
        Resolve(AttributeKind.Beit, (int)size));

    [Fact]
    public void A_width_that_is_stated_brings_its_mlp_where_no_size_has_one()
    {
        Assert.Equal(4 * 96, Resolve(AttributeKind.DinoV2, (int)DinoV2Size.Small, ("Width", 96)).Mlp);
        Assert.Equal(2048, Resolve(AttributeKind.Eva02, (int)Eva02Size.Base, ("Width", 96)).Mlp);
    }

    [Fact]
    public void The_head_reads_twice_the_width_beside_the_class_token()
    {
        VitSpec vit = Resolve(AttributeKind.DinoV2, (int)DinoV2Size.Base, ("Pool", (int)TokenPool.ClassAndImage));

        Assert.Equal(2 * 768, vit.FeatureWidth);
    }

    [Fact]
    public void Families_are_told_apart_in_what_identifies_a_backbone()
    {
        string[] identities =
        [
            .. from family in new (AttributeKind Kind, int Size)[]
               {
                   (AttributeKind.Vit, (int)VitSize.Base), (AttributeKind.DinoV2, (int)DinoV2Size.Base),
                   (AttributeKind.DinoV3, (int)DinoV3Size.Base), (AttributeKind.SigLip, (int)SigLipSize.Base),
                   (AttributeKind.Clip, (int)ClipSize.Base), (AttributeKind.Eva02, (int)Eva02Size.Base),
                   (AttributeKind.DeiT3, (int)DeiT3Size.Base), (AttributeKind.Beit, (int)BeitSize.Base),
               }
               select Resolve(family.Kind, family.Size).Identity,
        ];

        Assert.Equal(identities.Length, identities.Distinct().Count());
    }

    [Fact]
    public void LoRA_is_of_queries_and_values_with_a_rank_of_8_unless_stated() => Assert.Equal(
        new LoRASpec(8, 16, LoRATargets.Query | LoRATargets.Value),
        Model(Vit(("Size", 0)), Head(), new(AttributeKind.LoRA, EquatableArray<DeclaredArgument>.Empty)).LoRA);

    private static VitSpec Plain(int image, int patch, int width, int layers, int heads, int? mlp = null) =>
        new(image, Channels: 3, patch, width, layers, heads, mlp ?? 4 * width);

    private static VitSpec Resolve(AttributeKind kind, int size, params (string Name, int Value)[] arguments) => Model(
        new(kind, new[] { ("Size", size) }.Concat(arguments)
            .Select(a => new DeclaredArgument(a.Item1, a.Item2, null)).ToEquatableArray()),
        Head()).Vit();
}
