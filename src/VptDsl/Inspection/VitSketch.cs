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
/// <param name="Patch">The size of a patch in pixels.</param>
/// <param name="Image">The size of an image in pixels.</param>
/// <param name="Channels">Colour channels of an image.</param>
public sealed record VitSketch(
    int Width, int Layers, int? Heads, bool HeadsAreGuessed, int Mlp, PlaneSize Patch, PlaneSize Image, int Channels) : BackboneSketch
{
    private const string Norm = "norm", NormOfThePool = "fc_norm", FirstNorm = "norm_pre";

    private const string RelativeTable = "attn.relative_position_bias_table";

    /// <summary>
    /// Whether no tensor's shape tells the image's size: nothing does where positions are rotary, and where there are no square's, their
    /// number alone does not tell height and width.
    /// </summary>
    public bool ImageIsGuessed { get; init; }

    /// <summary>Whether there is a class token.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>Whether there is a distillation token.</summary>
    public bool DistillationToken { get; init; }

    /// <summary>The registers before the patches.</summary>
    public int Registers { get; init; }

    /// <summary>What tells a patch's place.</summary>
    public PositionEmbedding Positions { get; init; }

    /// <summary>How queries and keys are turned: no tensor tells, so it follows from what only such models have.</summary>
    public RotaryEmbedding Rotary { get; init; }

    /// <summary>Whether scores have a bias for the distance of their patches.</summary>
    public bool RelativeBias { get; init; }

    /// <summary>Which of query, key and value have a bias.</summary>
    public AttentionBias AttentionBias { get; init; }

    /// <summary>Whether queries and keys are normalised.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>What MLPs do between their layers.</summary>
    public MlpForm MlpForm { get; init; }

    /// <summary>What the head reads: what the checkpoint's own head read, where its tensors tell.</summary>
    public TokenPool Pool { get; init; }

    /// <summary>Where the final normalisation stands: models that were tuned on a mean have one of the pooled tokens alone.</summary>
    public FinalNorm FinalNorm { get; init; }

    /// <summary>Whether tokens are normalised before the first block, as in CLIP.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Whether what attention and MLPs add is scaled, as in DINOv2.</summary>
    public bool LayerScale { get; init; }

    /// <summary>What normalisations add to a variance: what is said of the checkpoint, or what is usual.</summary>
    public double Epsilon { get; init; } = VisionTransformerAttribute.UsualEpsilon;

    /// <summary>The activation of the MLPs: what is said of the checkpoint, or what is usual.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Whether nobody says the activation of a model that may have another than usual: CLIPs and SigLIPs have two.</summary>
    public bool ActivationIsGuessed { get; init; }

    /// <inheritdoc/>
    public override string Attribute => VitFamily.Declare(this);

    /// <inheritdoc/>
    public override string? Guessed
    {
        get
        {
            string[] guessed =
            [
                .. HeadsAreGuessed ? new[] { "the number of heads" } : [],
                .. ActivationIsGuessed ? new[] { "the activation" } : [],
                .. ImageIsGuessed ? new[] { ImageSize } : [],
                .. Rotary == RotaryEmbedding.Pairs ? new[] { "the patches on a side in pre-training (RotaryGrid)" } : [],
            ];
            return guessed switch
            {
                [] => null,
                [var only] => only,
                [.. var others, var last] => $"{string.Join(", ", others)} and {last}",
            };
        }
    }

    internal override int? HeadsInTensors => HeadsAreGuessed ? null : Heads;

    internal override string? Problem =>
        Heads is { } heads && Width % heads != 0 ? FormattableString.Invariant($"{heads} heads do not divide the width {Width}") : null;

    internal override BackboneTraits Traits => new([], Epsilon, MlpForm == MlpForm.Plain ? ActivationNames.Of(Activation) : "");

    internal override BackboneSketch Completed(CheckpointFacts facts)
    {
        VitSketch sketch = this;
        if (facts.Heads is { } said && int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int heads))
            sketch = sketch with { Heads = heads, HeadsAreGuessed = false };

        // Smaller ones vanish beside a variance as the usual one does.
        if (facts.Epsilon is { Value: >= VisionTransformerAttribute.UsualEpsilon and < 1 } epsilon)
            sketch = sketch with { Epsilon = epsilon.Value };
        if (facts.Activation is { } activation && MlpForm == MlpForm.Plain)
            sketch = sketch with { Activation = Declared(activation.Value), ActivationIsGuessed = false };
        if (facts.ImageSize is { } image && image.Value.IsMultipleOf(Patch) && Fits(image.Value))
            sketch = sketch with { Image = image.Value, ImageIsGuessed = false };
        return sketch;
    }

    /// <summary>
    /// The exact GELU stands for its approximation by a hyperbolic tangent, with a remark, unless the family is one that has it.
    /// </summary>
    private ActivationKind Declared(string name) =>
        ActivationNames.Find(name) is { } kind && (kind != ActivationKind.GeluTanh || Activation == kind) ? kind : ActivationKind.Gelu;

    // No two axes that matter have the same length.
    internal static VitSketch Marked { get; } =
        new(Width: 11, Layers: 1, Heads: null, HeadsAreGuessed: false, Mlp: 13, Patch: 7, Image: 14, Channels: 5);

    internal static VitSketch? Read(StoredShapes shapes)
    {
        if (shapes.Find("patch_embed.proj.weight")
                is not [<= MostWidth and var width, var channels, <= MostWidth and var patchHeight, <= MostWidth and var patchWidth]
            || shapes.Find("blocks.0.mlp.fc2.weight") is not [_, <= MostWidth and var mlp])
        {
            return null;
        }

        bool hasClassToken = shapes.Has("cls_token"), hasDistillationToken = shapes.Has("dist_token", "cls_token");
        int registers = shapes.Find("reg_token", "cls_token") is [_, <= MostWidth and var count, _] ? count : 0;
        int prefix = Prefix(hasClassToken, hasDistillationToken, registers);
        int[]? table = shapes.Find("blocks.0." + RelativeTable, "blocks.0.mlp.fc2.weight");
        bool isRelative = table is not null;
        if (ReadGrid(shapes, table, prefix, registers, out PositionEmbedding positions) is not { } grid)
            return null;
        bool isUntold = grid.Height == 0;
        var patch = new PlaneSize(patchHeight, patchWidth);

        int layers = shapes.Count(block => $"blocks.{block}.norm1.weight", "blocks.0.norm1.weight");
        int? stated = shapes.FindHeads("blocks.0.attn.qkv.bias")
            ?? (shapes.Find("blocks.0.attn.q_norm.weight", "norm.weight") is [var head] && width % head == 0 ? width / head : (int?)null)
            ?? table?[1];
        bool isGated = shapes.PartsOf("blocks.0.mlp.fc1.weight") == 2
            || (shapes.Find("blocks.0.mlp.fc1.weight") is [var hidden, _] && hidden == 2L * mlp);
        // Where both are there, as in Meta's DINOv3, the bias of all is one whose key's part is never used.
        AttentionBias bias = shapes.Has("blocks.0.attn.q_bias", "norm.weight") ? AttentionBias.QueryAndValue
            : shapes.Has("blocks.0.attn.qkv.bias") ? AttentionBias.All
            : AttentionBias.None;
        bool hasPreNorm = shapes.Has(FirstNorm + ".weight", Norm + ".weight");
        RotaryEmbedding rotary = isUntold ? RotaryEmbedding.Halves
            : isGated && bias == AttentionBias.QueryAndValue ? RotaryEmbedding.Pairs
            : RotaryEmbedding.None;

        // EVA-02's weights of pre-training alone may have neither norm; that of the pool is then a new one.
        bool isOfPool = !shapes.Has(Norm + ".weight")
            && (rotary == RotaryEmbedding.Pairs || shapes.Has(NormOfThePool + ".weight", Norm + ".weight"));

        // Masked autoencoders are tuned on the mean of what follows their class token, all others on that of the patches.
        bool isPlain = hasClassToken && registers == 0 && !isRelative && rotary == RotaryEmbedding.None;
        bool isSigLip = !hasClassToken && registers == 0 && !isOfPool;
        var sketch = new VitSketch(
            width, layers, stated, stated is null, mlp, patch, Times(isUntold ? UsualGrid : grid, patch), channels)
        {
            ImageIsGuessed = isUntold || !grid.IsSquare,
            ClassToken = hasClassToken,
            DistillationToken = hasDistillationToken,
            Registers = registers,
            Positions = positions,
            Rotary = rotary,
            RelativeBias = isRelative,
            AttentionBias = bias,
            QueryKeyNorm = shapes.Has("blocks.0.attn.q_norm.weight", "norm.weight"),
            MlpForm = !isGated ? MlpForm.Plain
                : shapes.Has("blocks.0.mlp.norm.weight", "norm.weight") ? MlpForm.GatedAndNormalized
                : MlpForm.Gated,
            Pool = shapes.Has("attn_pool.latent", "cls_token") ? TokenPool.Attention
                : isOfPool && isPlain ? TokenPool.AllButClass
                : hasClassToken && !isOfPool ? TokenPool.ClassToken
                : TokenPool.ImageTokens,
            FinalNorm = isOfPool ? FinalNorm.AfterPool : FinalNorm.BeforePool,
            PreNorm = hasPreNorm,
            LayerScale = shapes.Has("blocks.0.ls1.gamma", Norm + ".weight"),
            Epsilon = hasPreNorm || rotary == RotaryEmbedding.Halves ? EpsilonOfLaterModels : VisionTransformerAttribute.UsualEpsilon,
            Activation = isSigLip ? ActivationKind.GeluTanh : ActivationKind.Gelu,
            ActivationIsGuessed = hasPreNorm || isSigLip,
        };
        return stated is null ? sketch with { Heads = VitFamily.UsualHeads(sketch) } : sketch;
    }

    internal override IEnumerable<(string Name, int[] Shape)> Shapes()
    {
        PlaneSize grid = Image.Over(Patch);
        int patches = grid.Count, prefix = Prefix(ClassToken, DistillationToken, Registers);
        return
        [
            .. ClassToken ? One("cls_token", 1, 1, Width) : [],
            .. DistillationToken ? One("dist_token", 1, 1, Width) : [],
            .. Registers > 0 ? One("reg_token", 1, Registers, Width) : [],
            .. Positions switch
            {
                PositionEmbedding.None => [],
                PositionEmbedding.LearnedOnPatches => One("pos_embed", 1, patches, Width),
                _ => One("pos_embed", 1, prefix + patches, Width),
            },
            .. Affine("patch_embed.proj", Width, Channels, Patch.Height, Patch.Width).Take(PreNorm ? 1 : 2),
            .. PreNorm ? Affine(FirstNorm, Width) : [],
            .. Affine(FinalNorm == FinalNorm.AfterPool ? NormOfThePool : Norm, Width),
            .. Pool == TokenPool.Attention ? AttentionPool() : [],
            .. Enumerable.Range(0, Layers).SelectMany(block => Block($"blocks.{block}", grid)),
        ];
    }

    /// <summary>The same with its positions' layout, so that a dialect that keeps other rows of them can be compared.</summary>
    internal override ParameterDescription Described(ParameterDescription parameter)
    {
        PlaneSize grid = Image.Over(Patch);
        int rows = parameter.Name == "pos_embed" ? parameter.Shape[1] : 0;
        return rows == 0 ? parameter : parameter with { Grid = new(rows - grid.Count, grid.Height, grid.Width) };
    }

    internal override IEnumerable<ParameterDescription> Optional()
    {
        string[] known = [.. Shapes().Select(p => p.Name)];
        VitSketch full = this with
        {
            Heads = 1,
            DistillationToken = true,
            Registers = 1,
            PreNorm = true,
            LayerScale = true,
            QueryKeyNorm = true,
            RelativeBias = true,
            MlpForm = MlpForm.GatedAndNormalized,
            Pool = TokenPool.Attention,
        };
        return full.Parameters().Where(p => !known.Contains(p.Name));
    }

    private const int UsualGrid = 16;

    // CLIP's and DINOv3's.
    private const double EpsilonOfLaterModels = 1e-5;

    /// <summary>
    /// The patches below and beside each other: 0 where nothing tells, null where they can be no image's. Where they are no square, the
    /// nearest to one.
    /// </summary>
    /// <param name="shapes">The file's.</param>
    /// <param name="table">The shape of a table of relative positions, [places, heads], if there is one.</param>
    /// <param name="prefix">The tokens before the patches.</param>
    /// <param name="registers">The registers among them.</param>
    /// <param name="positions">What tells a patch's place.</param>
    private static PlaneSize? ReadGrid(StoredShapes shapes, int[]? table, int prefix, int registers, out PositionEmbedding positions)
    {
        positions = PositionEmbedding.None;
        if (shapes.Find("pos_embed") is [.., var rows, _])
        {
            // Where there are registers patches alone have places; a file may keep the class token's, which is added to the token.
            int? onPatches = PositionGrid.Side(rows, 0) ?? (registers > 0 ? PositionGrid.Side(rows, 1) : null);
            int? all = PositionGrid.Side(rows, prefix);
            positions = onPatches is not null && (registers > 0 || all is null) && prefix > 0
                ? PositionEmbedding.LearnedOnPatches
                : PositionEmbedding.Learned;
            return positions == PositionEmbedding.LearnedOnPatches ? onPatches : all ?? NearlySquare(rows - prefix);
        }

        if (table is not [var places, _])
            return 0;

        // (2 * side - 1)² distances, and three numbers for the class token.
        int side = (int)Math.Round((Math.Sqrt(Math.Max(0, places - 3)) + 1) / 2);
        return ((2L * side) - 1) * ((2L * side) - 1) == places - 3 && side > 0 ? side : (PlaneSize?)null;
    }

    /// <summary>Whether an image has as many patches as there are positions for; where there are none, whether it is of any size.</summary>
    private bool Fits(PlaneSize image) => Positions == PositionEmbedding.None
        ? ImageIsGuessed
        : image.Over(Patch).Area == Image.Over(Patch).Area;

    /// <summary>The two sides of so many patches that differ the least; null where one would be far longer than the other.</summary>
    private static PlaneSize? NearlySquare(int patches)
    {
        const int MostUnequal = 4;
        for (int height = (int)Math.Sqrt(Math.Max(0, patches)); height > 0; height--)
        {
            if (patches % height == 0)
                return patches <= MostUnequal * height * height ? new PlaneSize(height, patches / height) : null;
        }

        return null;
    }

    private static PlaneSize Times(PlaneSize grid, PlaneSize patch) =>
        new(grid.Height * patch.Height, grid.Width * patch.Width);

    private IEnumerable<(string Name, int[] Shape)> Block(string name, PlaneSize grid) =>
    [
        .. Affine($"{name}.norm1", Width),
        .. Affine($"{name}.attn.qkv", 3 * Width, Width).Take(AttentionBias == AttentionBias.All ? 2 : 1),
        .. AttentionBias == AttentionBias.QueryAndValue
            ? One($"{name}.attn.q_bias", Width).Concat(One($"{name}.attn.v_bias", Width))
            : [],
        .. QueryKeyNorm && Heads is { } heads
            ? Affine($"{name}.attn.q_norm", Width / heads).Concat(Affine($"{name}.attn.k_norm", Width / heads))
            : [],
        .. RelativeBias && Heads is { } each
            ? One($"{name}.{RelativeTable}", (((2 * grid.Height) - 1) * ((2 * grid.Width) - 1)) + 3, each)
            : [],
        .. Affine($"{name}.attn.proj", Width, Width),
        .. Affine($"{name}.norm2", Width),
        .. Affine($"{name}.mlp.fc1", MlpForm == MlpForm.Plain ? Mlp : 2 * Mlp, Width),
        .. MlpForm == MlpForm.GatedAndNormalized ? Affine($"{name}.mlp.norm", Mlp) : [],
        .. Affine($"{name}.mlp.fc2", Width, Mlp),
        .. LayerScale ? One($"{name}.ls1.gamma", Width).Concat(One($"{name}.ls2.gamma", Width)) : [],
    ];

    private IEnumerable<(string Name, int[] Shape)> AttentionPool() =>
    [
        .. One("attn_pool.latent", 1, 1, Width),
        .. Affine("attn_pool.q", Width, Width),
        .. Affine("attn_pool.kv", 2 * Width, Width),
        .. Affine("attn_pool.proj", Width, Width),
        .. Affine("attn_pool.norm", Width),
        .. Affine("attn_pool.mlp.fc1", Mlp, Width),
        .. Affine("attn_pool.mlp.fc2", Width, Mlp),
    ];

    private static int Prefix(bool hasClassToken, bool hasDistillationToken, int registers) =>
        (hasClassToken ? 1 : 0) + (hasDistillationToken ? 1 : 0) + registers;

    private static IEnumerable<(string Name, int[] Shape)> One(string name, params int[] shape) => [(name, shape)];
}
