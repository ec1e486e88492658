using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Backbones;

/// <summary>
/// Every size of every family of vision transformers declares as many parameters as its publication has, on the images of its
/// pre-training. The counts are written by hand, in powers of the width d.
/// </summary>
public sealed class VitFamilyCountTests
{
    [Theory]
    [InlineData(DinoV2Size.Small, 384, 12)]
    [InlineData(DinoV2Size.Base, 768, 12)]
    [InlineData(DinoV2Size.Large, 1024, 24)]
    [InlineData(DinoV2Size.Giant, 1536, 40)]
    public void DinoV2(DinoV2Size size, long d, int layers)
    {
        // Biases of an MLP and of attention, two norms, two scales; the giant's MLPs have a gate.
        long block = size == DinoV2Size.Giant
            ? (4 * d * d) + (10 * d) + GatedMlp(d, 4096)
            : (12 * d * d) + (15 * d);
        const int patches = 37 * 37;

        // Class token, and its place where it has one; then the patch embedding's weights and bias, and the last norm.
        long plain = (layers * block) + ((1 + (1 + patches) + ((3 * 14 * 14) + 1) + 2) * d);
        long withRegisters = (layers * block) + ((1 + 4 + patches + ((3 * 14 * 14) + 1) + 2) * d);
        Check(plain, AttributeKind.DinoV2, (int)size, ("Image", 518));
        Check(withRegisters, AttributeKind.DinoV2, (int)size, ("Image", 518), ("Registers", 4));
    }

    // As published, where a mask token of pre-training is counted too.
    [Theory]
    [InlineData(DinoV2Size.Small, 384, 22_056_576)]
    [InlineData(DinoV2Size.Base, 768, 86_580_480)]
    [InlineData(DinoV2Size.Large, 1024, 304_368_640)]
    [InlineData(DinoV2Size.Giant, 1536, 1_136_480_768)]
    public void DinoV2_as_published(DinoV2Size size, long maskToken, long published) =>
        Check(published - maskToken, AttributeKind.DinoV2, (int)size, ("Image", 518));

    [Theory]
    [InlineData(DinoV3Size.Small, 384, 12, 0)]
    [InlineData(DinoV3Size.SmallPlus, 384, 12, 1536)]
    [InlineData(DinoV3Size.Base, 768, 12, 0)]
    [InlineData(DinoV3Size.Large, 1024, 24, 0)]
    [InlineData(DinoV3Size.HugePlus, 1280, 32, 5120)]
    public void DinoV3(DinoV3Size size, long d, int layers, int gated)
    {
        // Queries, keys and values without biases; nothing for positions.
        long block = gated == 0 ? (12 * d * d) + (12 * d) : (4 * d * d) + (7 * d) + GatedMlp(d, gated);
        long published = (layers * block) + ((1 + 4 + PatchesOf16 + 2) * d);
        Check(published, AttributeKind.DinoV3, (int)size);
        Check(published + (2 * layers * d), AttributeKind.DinoV3, (int)size, ("AttentionBias", (int)AttentionBias.QueryAndValue));
    }

    [Theory]
    [InlineData(ClipSize.Base, 768, 12, 32, 224)]
    [InlineData(ClipSize.Base, 768, 12, 16, 224)]
    [InlineData(ClipSize.Large, 1024, 24, 14, 224)]
    [InlineData(ClipSize.Large, 1024, 24, 14, 336)]
    [InlineData(ClipSize.Huge, 1280, 32, 14, 224)]
    public void Clip(ClipSize size, long d, int layers, int patch, int image)
    {
        // Patches without a bias, and a norm before the first block as after the last.
        long patches = image / patch * (image / patch);
        long published = Plain(layers, d) + ((1 + 1 + patches + (3 * patch * patch) + 2 + 2) * d);
        Check(published, AttributeKind.Clip, (int)size, ("Patch", patch), ("Image", image));
    }

    [Fact]
    public void Clip_as_published() => Check(85_799_424, AttributeKind.Clip, (int)ClipSize.Base);

    [Theory]
    [InlineData(SigLipSize.Base, 768, 12, 3072, 16, 224)]
    [InlineData(SigLipSize.Base, 768, 12, 3072, 16, 512)]
    [InlineData(SigLipSize.Base, 768, 12, 3072, 32, 256)]
    [InlineData(SigLipSize.Large, 1024, 24, 4096, 16, 256)]
    [InlineData(SigLipSize.So400M, 1152, 27, 4304, 14, 224)]
    [InlineData(SigLipSize.So400M, 1152, 27, 4304, 14, 378)]
    [InlineData(SigLipSize.GiantOpt, 1536, 40, 6144, 16, 256)]
    public void SigLip(SigLipSize size, long d, int layers, long mlp, int patch, int image)
    {
        // The pool is a block without its first norm, and the query; no class token.
        long patches = image / patch * (image / patch);
        long block = (4 * d * d) + (4 * d) + (2 * d * mlp) + mlp + d + (4 * d);
        long published = ((layers + 1) * block) - (2 * d) + d + ((patches + (3 * patch * patch) + 1 + 2) * d);
        (string, int)[] written = [("Patch", patch), ("Image", image)];
        Check(published, AttributeKind.SigLip, (int)size, written);
        Check(published - (block - d), AttributeKind.SigLip, (int)size, [.. written, ("Pool", (int)TokenPool.ImageTokens)]);
    }

    [Fact]
    public void SigLip_as_published() => Check(92_884_224, AttributeKind.SigLip, (int)SigLipSize.Base);

    [Theory]
    [InlineData(Eva02Size.Tiny, 192, 12, 512, false)]
    [InlineData(Eva02Size.Small, 384, 12, 1024, false)]
    [InlineData(Eva02Size.Base, 768, 12, 2048, true)]
    [InlineData(Eva02Size.Large, 1024, 24, 2730, true)]
    public void Eva02(Eva02Size size, long d, int layers, long mlp, bool isNormalized)
    {
        // Keys have no bias.
        long block = (4 * d * d) + (7 * d) + GatedMlp(d, mlp) + (isNormalized ? 2 * mlp : 0);
        foreach (int side in new[] { 224 / 14, 336 / 14, 448 / 14 })
        {
            long published = (layers * block) + ((1 + 1 + (side * side) + ((3 * 14 * 14) + 1) + 2) * d);
            Check(published, AttributeKind.Eva02, (int)size, ("Image", 14 * side));
        }
    }

    [Theory]
    [InlineData(DeiTSize.Tiny, 192)]
    [InlineData(DeiTSize.Small, 384)]
    [InlineData(DeiTSize.Base, 768)]
    public void DeiT(DeiTSize size, long d)
    {
        long published = Plain(12, d) + ((1 + 1 + (14 * 14) + PatchesOf16 + 2) * d);
        Check(published, AttributeKind.DeiT, (int)size);

        // A token more, and a place for it.
        Check(published + (2 * d), AttributeKind.DeiT, (int)size, ("DistillationToken", 1));
    }

    [Theory]
    [InlineData(DeiT3Size.Small, 384, 12, 16, 224)]
    [InlineData(DeiT3Size.Medium, 512, 12, 16, 224)]
    [InlineData(DeiT3Size.Base, 768, 12, 16, 224)]
    [InlineData(DeiT3Size.Base, 768, 12, 16, 384)]
    [InlineData(DeiT3Size.Large, 1024, 24, 16, 224)]
    [InlineData(DeiT3Size.Huge, 1280, 32, 14, 224)]
    public void DeiT3(DeiT3Size size, long d, int layers, int patch, int image)
    {
        // Two scales a block; the class token has no place.
        long patches = image / patch * (image / patch);
        long published = Plain(layers, d) + (2 * layers * d) + ((1 + patches + (3 * patch * patch) + 1 + 2) * d);
        Check(published, AttributeKind.DeiT3, (int)size, ("Image", image));
    }

    [Theory]
    [InlineData(BeitSize.Base, 768, 12, 12)]
    [InlineData(BeitSize.Large, 1024, 24, 16)]
    public void Beit(BeitSize size, long d, int layers, int heads)
    {
        // Two scales and one bias less a block; for each head a number for each of 27 · 27 distances, and for the class token's three.
        long published = Plain(layers, d) + (layers * (d + (((27 * 27) + 3) * heads))) + ((1 + PatchesOf16 + 2) * d);
        Check(published, AttributeKind.Beit, (int)size);
    }

    /// <summary>The weights and biases that embed patches of 16 by 16 pixels, for each channel of a token.</summary>
    private const int PatchesOf16 = (3 * 16 * 16) + 1;

    /// <summary>
    /// Blocks with all biases, and MLPs four times as wide: four squares in attention and eight in the MLP, nine rows of biases, four of
    /// norms.
    /// </summary>
    private static long Plain(int layers, long d) => layers * ((12 * d * d) + (13 * d));

    private static long GatedMlp(long d, long hidden) => (2 * hidden * (d + 1)) + (d * (hidden + 1));

    private static void Check(long published, AttributeKind kind, int size, params (string Name, int Value)[] arguments)
    {
        var problems = new List<Problem>();
        VitSpec vit = VitRules.Resolve(
            new(kind, new[] { ("Size", size) }.Concat(arguments)
                .Select(a => new DeclaredArgument(a.Item1, a.Item2, null)).ToEquatableArray()),
            problems)!;
        Assert.Empty(problems);

        var model = new ModelSpec(
            new("Tests", "Counted", "public"), vit, null, new ClassifierHeadSpec(Classes: 10), TrainedSet.PromptsAndHead);
        Assert.Equal(published, vit.ParameterCount);
        Assert.Equal(published, ClassifierGraph.Build(model).Parameters.Where(p => p.Kind == ParameterKind.Backbone).Sum(p => p.Count));
    }
}
