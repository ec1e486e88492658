using System.Globalization;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Positions;

namespace VptDsl.Inspection;

/// <summary>The sizes of a vision transformer, as the shapes of a checkpoint's tensors tell them.</summary>
/// <param name="Width">The width of a token.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Heads">The number of attention heads; null if nothing tells.</param>
/// <param name="HeadsAreGuessed">Whether the heads are the usual ones of this width, because the file does not say.</param>
/// <param name="Mlp">The hidden width of each block's MLP.</param>
/// <param name="Patch">Height and width of a patch in pixels.</param>
/// <param name="Image">Height and width of an image in pixels.</param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record VitSketch(
    int Width, int Layers, int? Heads, bool HeadsAreGuessed, int Mlp, int Patch, int Image, int Channels) : BackboneSketch
{
    private const int UsualHeadWidth = 64;

    private const string Norm = "norm", NormOfThePool = "fc_norm", FirstNorm = "norm_pre";

    private const double EpsilonOfPreNorm = 1e-5;

    /// <summary>Where the final normalisation stands: fine-tuned masked autoencoders have one of the pooled tokens alone.</summary>
    public FinalNorm FinalNorm { get; init; }

    /// <summary>Whether tokens are normalised before the first block, as in CLIP.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Whether what attention and MLPs add is scaled, as in DINOv2.</summary>
    public bool LayerScale { get; init; }

    /// <summary>What normalisations add to a variance: what is said of the checkpoint, or what is usual.</summary>
    public double Epsilon { get; init; } = VisionTransformerAttribute.UsualEpsilon;

    /// <summary>The activation of the MLPs: what is said of the checkpoint, or the exact GELU.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Whether nobody says the activation of a model that may have another than usual: CLIPs have two.</summary>
    public bool ActivationIsGuessed { get; init; }

    /// <inheritdoc/>
    public override string Attribute
    {
        get
        {
            var preset = Presets.FirstOrDefault(preset => (preset.Width, preset.Layers, preset.Heads) == (Width, Layers, Heads));
            string size = preset.Attribute is null
                ? $"Width = {Width}, Layers = {Layers}, Heads = {Heads?.ToString(CultureInfo.InvariantCulture) ?? "?"}"
                : $"{nameof(VitSize)}.{preset.Size}";
            string mlp = Mlp == VisionTransformerAttribute.MlpRatio * (long)Width ? "" : $"Mlp = {Mlp}";
            string pool = FinalNorm == FinalNorm.BeforePool
                ? ""
                : $"Pool = {nameof(TokenPool)}.{TokenPool.AllButClass}, FinalNorm = {nameof(FinalNorm)}.{FinalNorm.AfterPool}";
            string epsilon =
                Epsilon == VisionTransformerAttribute.UsualEpsilon ? "" : string.Create(CultureInfo.InvariantCulture, $"Epsilon = {Epsilon}");
            string activation = Activation == ActivationKind.Gelu ? "" : $"Activation = {nameof(ActivationKind)}.{Activation}";
            return Declare(
                "Vit", size, mlp, $"Patch = {Patch}", $"Image = {Image}", Argument("Channels", Channels, usual: 3), pool, epsilon,
                activation, PreNorm ? "PreNorm = true" : "", LayerScale ? "LayerScale = true" : "");
        }
    }

    /// <inheritdoc/>
    public override string? Guessed => (HeadsAreGuessed, ActivationIsGuessed) switch
    {
        (true, true) => "the number of heads and the activation",
        (true, false) => "the number of heads",
        (false, true) => "the activation",
        _ => null,
    };

    internal override int? HeadsInTensors => HeadsAreGuessed ? null : Heads;

    internal override string? Problem =>
        Heads is { } heads && Width % heads != 0 ? FormattableString.Invariant($"{heads} heads do not divide the width {Width}") : null;

    internal override BackboneTraits Traits => new([], Epsilon, ActivationNames.Of(Activation));

    internal override BackboneSketch Completed(CheckpointFacts facts)
    {
        VitSketch sketch = this;
        if (facts.Heads is { } said && int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int heads))
            sketch = sketch with { Heads = heads, HeadsAreGuessed = false };

        // Smaller ones vanish beside a variance as the usual one does.
        if (facts.Epsilon is { Value: >= VisionTransformerAttribute.UsualEpsilon and < 1 } epsilon)
            sketch = sketch with { Epsilon = epsilon.Value };
        if (facts.Activation is { } activation)
            sketch = sketch with { Activation = Declared(activation.Value), ActivationIsGuessed = false };
        return sketch;
    }

    /// <summary>The exact GELU stands for its approximation by a hyperbolic tangent, with a remark.</summary>
    private static ActivationKind Declared(string name) => ActivationNames.Find(name) is { } kind and not ActivationKind.GeluTanh
        ? kind
        : ActivationKind.Gelu;

    // No two axes that matter have the same length.
    internal static VitSketch Marked { get; } =
        new(Width: 11, Layers: 1, Heads: null, HeadsAreGuessed: false, Mlp: 13, Patch: 7, Image: 14, Channels: 5);

    private static IEnumerable<(VitSize Size, VitAttribute? Attribute, int Width, int Layers, int Heads)> Presets =>
        from size in Enum.GetValues<VitSize>()
        let vit = new VitAttribute(size)
        select (size, vit, vit.Width, vit.Layers, vit.Heads);

    internal static VitSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find("patch_embed.proj.weight") is not [var width, var channels, var patch, var patchWidth]
            || patch != patchWidth
            || shapes.Find("pos_embed") is not [.., var rows, _]
            || PositionGrid.Side(rows, 1) is not { } grid
            || (long)grid * patch > int.MaxValue
            || shapes.Find("blocks.0.mlp.fc1.bias") is not [var mlp])
        {
            return null;
        }

        int layers = shapes.Count(block => $"blocks.{block}.norm1.weight", "blocks.0.norm1.weight");
        int? stated = shapes.FindHeads("blocks.0.attn.qkv.bias");
        bool isOfPool = shapes.Find(Norm + ".weight") is null && shapes.Find(NormOfThePool + ".weight", Norm + ".weight") is not null;
        bool hasPreNorm = shapes.Find(FirstNorm + ".weight", Norm + ".weight") is not null;
        return new VitSketch(width, layers, stated ?? UsualHeads(width), stated is null, mlp, patch, grid * patch, channels)
        {
            FinalNorm = isOfPool ? FinalNorm.AfterPool : FinalNorm.BeforePool,
            PreNorm = hasPreNorm,
            LayerScale = shapes.Find("blocks.0.ls1.gamma", Norm + ".weight") is not null,
            Epsilon = hasPreNorm ? EpsilonOfPreNorm : VisionTransformerAttribute.UsualEpsilon,
            ActivationIsGuessed = hasPreNorm,
        };
    }

    internal override IEnumerable<(string Name, int[] Shape)> Shapes()
    {
        int grid = Image / Patch;
        return
        [
            ("cls_token", [1, 1, Width]),
            ("pos_embed", [1, 1 + (grid * grid), Width]),
            .. Affine("patch_embed.proj", Width, Channels, Patch, Patch).Take(PreNorm ? 1 : 2),
            .. PreNorm ? Affine(FirstNorm, Width) : [],
            .. Affine(FinalNorm == FinalNorm.AfterPool ? NormOfThePool : Norm, Width),
            .. Enumerable.Range(0, Layers).SelectMany(block => Block($"blocks.{block}")),
        ];
    }

    private IEnumerable<(string Name, int[] Shape)> Block(string name) =>
    [
        .. Affine($"{name}.norm1", Width),
        .. Affine($"{name}.attn.qkv", 3 * Width, Width),
        .. Affine($"{name}.attn.proj", Width, Width),
        .. Affine($"{name}.norm2", Width),
        .. Affine($"{name}.mlp.fc1", Mlp, Width),
        .. Affine($"{name}.mlp.fc2", Width, Mlp),
        .. LayerScale ? new[] { ($"{name}.ls1.gamma", new[] { Width }), ($"{name}.ls2.gamma", new[] { Width }) } : [],
    ];

    private static int? UsualHeads(int width)
    {
        int preset = Presets.FirstOrDefault(preset => preset.Width == width).Heads;
        return preset > 0 ? preset : width % UsualHeadWidth == 0 ? width / UsualHeadWidth : null;
    }
}
