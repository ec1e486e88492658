using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>Protects users from arguments of vision transformers that no network has together, and from updates that are none.</summary>
public sealed class VitFamilyDiagnosticsTests
{
    [Theory]
    [InlineData("Vit(VitSize.Tiny, ClassToken = [|false|])", "ClassToken")]
    [InlineData("Vit(VitSize.Tiny, ClassToken = false, Pool = [|TokenPool.ClassToken|])", "ClassToken")]
    [InlineData("SigLip(SigLipSize.Base, Pool = [|TokenPool.ClassToken|])", "ClassToken")]
    [InlineData("SigLip(SigLipSize.Base, Pool = [|TokenPool.ClassAndImage|])", "ClassAndImage")]
    [InlineData("SigLip(SigLipSize.Base, Pool = [|TokenPool.AllButClass|])", "AllButClass")]
    public void VPT036_pool_of_a_class_token_that_is_not_there(string vit, string pool) => Contradicts(
        vit,
        $"Pool = TokenPool.{pool} needs a class token, and ClassToken is false",
        "pool the image tokens: Pool = TokenPool.ImageTokens");

    [Theory]
    [InlineData("SigLip(SigLipSize.Base, DistillationToken = [|true|])")]
    [InlineData("DeiT(DeiTSize.Tiny, Pool = TokenPool.ImageTokens, ClassToken = false, DistillationToken = [|true|])")]
    public void VPT036_distillation_token_without_a_class_token(string vit) => Contradicts(
        vit, "a distillation token follows a class token, and ClassToken is false", "leave one of the two out");

    [Theory]
    [InlineData("Beit(BeitSize.Base, Registers = [|4|])")]
    [InlineData("Beit(BeitSize.Base, DistillationToken = [|true|])")]
    [InlineData("Beit(BeitSize.Base, ClassToken = [|false|])")]
    [InlineData("DinoV3(DinoV3Size.Small, RelativeBias = [|true|])")]
    [InlineData("SigLip(SigLipSize.Base, RelativeBias = [|true|])")]
    public void VPT036_relative_bias_beside_tokens_that_it_does_not_know(string vit) => Contradicts(
        vit,
        "RelativeBias tells a class token from the patches, and nothing else",
        "leave registers and distillation token out, and the class token in");

    [Theory]
    [InlineData("SigLip(SigLipSize.Base, FinalNorm = [|FinalNorm.AfterPool|])", "Attention")]
    [InlineData("Beit(BeitSize.Base, Pool = [|TokenPool.ClassAndImage|])", "ClassAndImage")]
    [InlineData("Eva02(Eva02Size.Tiny, Pool = [|TokenPool.Attention|])", "Attention")]
    public void VPT036_norm_after_a_pool_that_needs_it_before(string vit, string pool) => Contradicts(
        vit, $"TokenPool.{pool} is of normalised tokens", "write FinalNorm = FinalNorm.BeforePool");

    [Theory]
    [InlineData("DinoV2(DinoV2Size.Giant, Activation = [|ActivationKind.Gelu|])", "Gated")]
    [InlineData("Eva02(Eva02Size.Base, Activation = [|ActivationKind.Silu|])", "GatedAndNormalized")]
    public void VPT036_activation_of_a_gate(string vit, string form) => Contradicts(
        vit, $"MlpForm.{form} has SiLU as its gate", "leave Activation out");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, RotaryGrid = [|14|])", "nothing turns here")]
    [InlineData("DinoV3(DinoV3Size.Small, RotaryGrid = [|14|])", "Rotary is RotaryEmbedding.Halves here")]
    public void VPT036_grid_that_nothing_is_counted_in(string vit, string rotary) => Contradicts(
        vit, $"RotaryGrid is what RotaryEmbedding.Pairs counts places in, and {rotary}", "leave RotaryGrid out");

    [Theory]
    [InlineData("Vit(VitSize.Tiny, ImageHeight = [|144|])", "144x224 in patches of 16")]
    [InlineData("Vit(VitSize.Tiny, ImageWidth = [|320|])", "224x320 in patches of 16")]
    [InlineData("Vit(VitSize.Tiny, PatchWidth = [|32|])", "224 in patches of 16x32")]
    public void VPT036_decoder_of_images_that_are_no_squares(string vit, string sizes) => DiagnosticAssert.Reports(
        $"[{vit}, SegmentationHead(Classes = 5)] public sealed partial class Flowers;",
        "VPT036",
        $"a segmentation head enlarges square maps of square patches, and images are {sizes} pixels: "
            + "cut larger pictures into squares, as SegmentationTuner's sliding window does");

    [Fact]
    public void VPT036_fewer_registers_than_none() => Contradicts(
        "DinoV2(DinoV2Size.Base, Registers = [|-1|])", "there cannot be -1 registers", "write 0 or more");

    [Theory]
    [InlineData("Vit(Width = 60, Layers = 4, Heads = 6, Rotary = [|RotaryEmbedding.Halves|])", 10)]
    [InlineData("Vit(Width = 36, Layers = 4, Heads = 6, Rotary = [|RotaryEmbedding.Pairs|])", 6)]
    [InlineData("DinoV3(DinoV3Size.Small, Heads = [|64|])", 6)]
    [InlineData("Eva02(Eva02Size.Small, Width = [|390|])", 65)]
    public void VPT037_head_that_cannot_be_turned(string vit, int width) => Reports(
        vit,
        "VPT037",
        $"Half of a head's channels turn with the row and half with the column, in pairs, and heads are {width} wide: "
            + "make Width / Heads a multiple of 4");

    [Theory]
    [InlineData("DinoV2([|(DinoV2Size)9|])", "DinoV2Size", "Small", "Base", "Large", "Giant")]
    [InlineData("DinoV3([|(DinoV3Size)9|])", "DinoV3Size", "Small", "SmallPlus", "Base", "Large", "HugePlus")]
    [InlineData("SigLip([|(SigLipSize)9|])", "SigLipSize", "Base", "Large", "So400M", "GiantOpt")]
    [InlineData("Clip([|(ClipSize)9|])", "ClipSize", "Base", "Large", "Huge")]
    [InlineData("Eva02([|(Eva02Size)9|])", "Eva02Size", "Tiny", "Small", "Base", "Large")]
    [InlineData("DeiT([|(DeiTSize)9|])", "DeiTSize", "Tiny", "Small", "Base")]
    [InlineData("DeiT3([|(DeiT3Size)9|])", "DeiT3Size", "Small", "Medium", "Base", "Large", "Huge")]
    [InlineData("Beit([|(BeitSize)9|])", "BeitSize", "Base", "Large")]
    public void VPT019_size_does_not_exist(string vit, string type, params string[] sizes) => Reports(
        vit,
        "VPT019",
        $"{type} has no value 9: write {(sizes.Length == 2 ? "" : "one of ")}"
            + string.Join(sizes.Length == 2 ? " or " : ", ", sizes.Select(size => $"{type}.{size}")));

    [Theory]
    [InlineData("Vit(VitSize.Tiny)", 193, 192)]
    [InlineData("Vit(VitSize.Tiny, Mlp = 100)", 101, 100)]
    [InlineData("DinoV2(DinoV2Size.Base)", 4096, 768)]
    public void VPT038_rank_is_larger_than_what_it_updates(string vit, int rank, int most) => Reports(
        $"{vit}, LoRA(Rank = [|{rank}|])",
        "VPT038",
        $"Updates of rank {rank} are no smaller than layers of width {most}: make Rank at most {most}; 4 to 32 are usual");

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-16", "-16")]
    [InlineData("double.NaN", "NaN")]
    [InlineData("double.PositiveInfinity", "Infinity")]
    [InlineData("1e-46", "1E-46")]
    [InlineData("1e300", "1E+300")]
    public void VPT039_updates_count_for_nothing(string alpha, string written) => Reports(
        $"Vit(VitSize.Tiny), LoRA(Alpha = [|{alpha}|])",
        "VPT039",
        $"Alpha is {written}, but updates are multiplied by Alpha / Rank, a 32-bit float: "
            + "write a number above 0, usually Rank or twice that");

    [Fact]
    public void VPT039_updates_of_nothing() => Reports(
        "Vit(VitSize.Tiny), LoRA(On = [|LoRATargets.None|])",
        "VPT039",
        "On is LoRATargets.None, which names nothing to update: write LoRATargets.Query | LoRATargets.Value, or leave [LoRA] out");

    [Fact]
    public void VPT019_updates_of_what_is_not_there() => Reports(
        "Vit(VitSize.Tiny), LoRA(On = [|(LoRATargets)64|])",
        "VPT019",
        "LoRATargets has no value 64: write LoRATargets.Query | LoRATargets.Value");

    /// <summary>Numbers that C# takes for doubles are 32-bit floats in a model: what those cannot be is refused.</summary>
    [Theory]
    [InlineData("1e-46")]
    [InlineData("double.Epsilon")]
    [InlineData("0.99999999999")]
    public void VPT034_epsilon_that_is_none_as_a_float(string epsilon) =>
        DiagnosticAssert.ReportsAll(Declared($"Vit(VitSize.Tiny, Epsilon = [|{epsilon}|])"), "VPT034");

    [Fact]
    public void VPT018_tables_of_relative_positions_are_too_large() => Reports(
        "Beit(BeitSize.Large, Image = 1024, Patch = [|8|])",
        "VPT018",
        "The declaration asks for 4,295,491,600 biases for pairs of tokens in a layer, but at most 2,147,483,647 are possible: "
            + "make Patch larger or Image smaller");

    [Theory]
    [InlineData("DinoV3(DinoV3Size.Small, Registers = [|int.MaxValue|])", "3,298,534,881,792")]
    [InlineData("Vit(VitSize.Tiny, Registers = [|2_800_000|])", "2,150,400,000")]
    public void VPT018_registers_are_too_many(string vit, string count) => Reports(
        vit,
        "VPT018",
        $"The declaration asks for {count} activations of registers in a layer, but at most 2,147,483,647 are possible: "
            + "use fewer Registers");

    [Fact]
    public void VPT009_rank_is_not_positive() => Reports(
        "Vit(VitSize.Tiny), LoRA(Rank = [|0|])",
        "VPT009",
        "Rank is 0, but a size is at least 1: write a positive number, or leave Rank out to get its default");

    [Theory]
    [InlineData("Swin(SwinSize.Tiny)")]
    [InlineData("ResNet(ResNetSize.Layers18)")]
    [InlineData("ConvNeXt(ConvNeXtSize.Tiny)")]
    public void VPT022_updates_are_for_vision_transformers(string backbone) =>
        DiagnosticAssert.ReportsAll(Declared($"{backbone}, [|LoRA|]"), "VPT022");

    [Fact]
    public void What_needs_a_class_token_is_refused_where_there_is_none()
    {
        DiagnosticAssert.ReportsAll(Declared("SigLip(SigLipSize.Base), [|TrainClassToken|]"), "VPT022");
        DiagnosticAssert.ReportsAll(Declared("SigLip(SigLipSize.Base), DeepPrompt(Draw = [|PromptDraw.ClassToken|])"), "VPT028");
    }

    [Theory]
    [InlineData("DinoV2(DinoV2Size.Small, Registers = 4), DeepPrompt(Tokens = 5)")]
    [InlineData("DinoV2(DinoV2Size.Small, Image = 518, Pool = TokenPool.ClassAndImage)")]
    [InlineData("DinoV3(DinoV3Size.SmallPlus, Image = 224, AttentionBias = AttentionBias.QueryAndValue)")]
    [InlineData("SigLip(SigLipSize.Base, Pool = TokenPool.ImageTokens), ShallowPrompt(Tokens = 5)")]
    [InlineData("SigLip(SigLipSize.So400M, Image = 378, Layers = 2)")]
    [InlineData("Clip(ClipSize.Base, Patch = 32), LoRA(Rank = 768)")]
    [InlineData("Eva02(Eva02Size.Tiny, Pool = TokenPool.ClassToken, FinalNorm = FinalNorm.BeforePool)")]
    [InlineData("DeiT(DeiTSize.Tiny, DistillationToken = true)")]
    [InlineData("DeiT3(DeiT3Size.Small, Image = 384)")]
    [InlineData("Beit(BeitSize.Base, Layers = 2), DeepPrompt(Tokens = 5), LoRA(On = LoRATargets.All)")]
    [InlineData("Vit(VitSize.Tiny, QueryKeyNorm = true, Rotary = RotaryEmbedding.Pairs)")]
    [InlineData("Vit(VitSize.Tiny, ImageHeight = 144, ImageWidth = 256, Layers = 2), DeepPrompt(Tokens = 5)")]
    [InlineData("DinoV3(DinoV3Size.Small, Image = 224, ImageWidth = 320, Layers = 2), PadPrompt(Pixels = 16)")]
    [InlineData("Beit(BeitSize.Base, ImageHeight = 96, PatchWidth = 8, Layers = 2), SideNetwork(Width = 8)")]
    public void What_fits_is_accepted(string backbone) => DiagnosticAssert.ReportsNothing(Declared(backbone));

    private static void Contradicts(string vit, string contradiction, string remedy) =>
        Reports(vit, "VPT036", $"{contradiction}: {remedy}");

    private static void Reports(string vit, string id, string message) => DiagnosticAssert.Reports(Declared(vit), id, message);

    private static string Declared(string attributes) =>
        $"[{attributes}, LinearHead(Classes = 10)] public sealed partial class Flowers;";
}
