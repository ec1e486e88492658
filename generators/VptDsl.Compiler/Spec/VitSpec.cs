using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A pre-norm vision transformer of any family.</summary>
internal sealed record VitSpec(PlaneSize Image, int Channels, PlaneSize Patch, int Width, int Layers, int Heads, int Mlp)
    : BackboneSpec(Image, Channels)
{
    public override int Layers { get; init; } = Layers;

    public override int FeatureWidth => Pool == TokenPool.ClassAndImage ? 2 * Width : Width;

    public override PromptKinds Prompts => PromptKinds.All;

    public override StemSpec Stem => new(Patch, Patch, Width, EquatableArray.Of("patch_embed"));

    /// <summary>The patches below and beside each other.</summary>
    public PlaneSize Grid => Image.Over(Patch);

    public int Patches => Grid.Count;

    public int HeadWidth => Width / Heads;

    /// <summary>Whether the sequence starts with a class token.</summary>
    public bool HasClassToken { get; init; } = true;

    /// <summary>Whether a distillation token follows.</summary>
    public bool HasDistillationToken { get; init; }

    /// <summary>The registers before the patches.</summary>
    public int Registers { get; init; }

    /// <summary>What the head reads of the last layer's tokens.</summary>
    public TokenPool Pool { get; init; }

    /// <summary>Where the final normalisation stands.</summary>
    public FinalNorm FinalNorm { get; init; }

    /// <summary>What tells a patch's place.</summary>
    public PositionEmbedding Positions { get; init; }

    /// <summary>How queries and keys are turned by their patches' places.</summary>
    public RotaryEmbedding Rotary { get; init; }

    /// <summary>The patches on a side of the images of pre-training, where places are counted in it.</summary>
    public int RotaryGrid { get; init; }

    /// <summary>Whether scores have a learned bias for the distance of their patches.</summary>
    public bool RelativeBias { get; init; }

    /// <summary>Which of query, key and value have a bias.</summary>
    public AttentionBias AttentionBias { get; init; }

    /// <summary>Whether each head's queries and keys are normalised.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>What MLPs do between their layers.</summary>
    public MlpForm MlpForm { get; init; }

    /// <summary>What normalisations add to a variance.</summary>
    public double Epsilon { get; init; } = VisionTransformerAttribute.UsualEpsilon;

    /// <summary>The activation in the MLPs.</summary>
    public ActivationKind Activation { get; init; }

    /// <summary>Whether tokens are normalised before the first block, and patches embedded without a bias.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Whether what attention and MLPs add is scaled.</summary>
    public bool LayerScale { get; init; }

    public override string Identity =>
        $"vit(image={Image},channels={Channels},patch={Patch},width={Width},layers={Layers},heads={Heads},mlp={Mlp}"
        + (Pool == TokenPool.ClassToken ? "" : $",pool={Pool}")
        + (FinalNorm == FinalNorm.BeforePool ? "" : $",norm={FinalNorm}")
        + (Positions == PositionEmbedding.Learned ? "" : $",positions={Positions}")
        + (Epsilon == VisionTransformerAttribute.UsualEpsilon ? "" : ",epsilon=" + InvariantNumbers.Shortest(Epsilon))
        + (Activation == ActivationKind.Gelu ? "" : $",activation={Activation}")
        + (PreNorm ? ",prenorm" : "")
        + (LayerScale ? ",layerscale" : "")
        + (HasClassToken ? "" : ",noclass")
        + (HasDistillationToken ? ",distillation" : "")
        + (Registers == 0 ? "" : $",registers={Registers}")
        + (Rotary == RotaryEmbedding.None ? "" : $",rotary={Rotary}{(RotaryGrid == 0 ? "" : RotaryGrid)}")
        + (RelativeBias ? ",relativebias" : "")
        + (AttentionBias == AttentionBias.All ? "" : $",bias={AttentionBias}")
        + (QueryKeyNorm ? ",qknorm" : "")
        + (MlpForm == MlpForm.Plain ? "" : $",mlp={MlpForm}")
        + ")";

    public override BackboneTraits Traits => new(
        EquatableArray.Of(Heads), Epsilon, MlpForm == MlpForm.Plain ? ActivationNames.Of(Activation) : "");

    /// <summary>The activation of the MLPs, be it a gate's.</summary>
    public ActivationKind MlpActivation => MlpForm == MlpForm.Plain ? Activation : ActivationKind.Silu;

    public override double ParameterCount
    {
        get
        {
            double width = Width, patches = Grid.Area;
            double patchEmbedding = ((Channels * Patch.Area) + (PreNorm ? 0 : 1)) * width;
            double positions = width * Positions switch
            {
                PositionEmbedding.None => 0,
                PositionEmbedding.LearnedOnPatches => patches,
                _ => PrefixTokens + patches,
            };
            double norms = 2 * 2 * width;
            double scales = LayerScale ? 2 * width : 0;
            double preNorm = PreNorm ? 2 * width : 0;
            double biases = AttentionBias switch
            {
                AttentionBias.All => 3 * width,
                AttentionBias.QueryAndValue => 2 * width,
                _ => 0,
            };
            double headNorms = QueryKeyNorm ? 4.0 * HeadWidth : 0;
            double table = RelativeBias ? ((((2.0 * Grid.Height) - 1) * ((2.0 * Grid.Width) - 1)) + 3) * Heads : 0;
            double attention = (4 * width * width) + biases + width + headNorms + table;
            int sides = MlpForm == MlpForm.Plain ? 1 : 2;
            double mlp = (sides * (width + 1) * Mlp) + (MlpForm == MlpForm.GatedAndNormalized ? 2.0 * Mlp : 0) + ((Mlp + 1.0) * width);
            double pool = Pool == TokenPool.Attention
                ? width + ((width + 1) * 4 * width) + (2 * width) + ((width + 1) * Mlp) + ((Mlp + 1.0) * width)
                : 0;
            double finalNorm = 2 * width;
            return patchEmbedding + (PrefixTokens * width) + positions + preNorm
                + (Layers * (norms + attention + mlp + scales)) + finalNorm + pool;
        }
    }

    public override int PrefixTokens => (HasClassToken ? 1 : 0) + (HasDistillationToken ? 1 : 0) + Registers;

    public override string? ClassToken => HasClassToken ? "cls_token" : null;

    public override int? LayerOf(string parameter)
    {
        string[] words = parameter.Split('.');
        return words[0] switch
        {
            "blocks" => int.Parse(words[1], CultureInfo.InvariantCulture),
            "norm" or "fc_norm" or "attn_pool" => Layers,
            _ => null,
        };
    }

    /// <summary>Whether something reads a layer's tokens that are no prompts: after the last, the pool does or does not.</summary>
    public bool IsImageReadAfter(int layer) => layer < Layers - 1 || Pool != TokenPool.Prompts;

    public override int WidthOf(int layer) => Width;

    public override int TokensOf(int layer) => PrefixTokens + Patches;

    public override string? CannotCut(PlaneSize image) => image.IsMultipleOf(Patch) ? null : $"patches of {Patch}";

    public override string Describe() =>
        $"ViT of width {Width}, {Layers} layers and {Heads} heads on {Image}-pixel images in {Patch}-pixel patches"
        + (HasClassToken ? "" : ", without a class token")
        + (HasDistillationToken ? ", with a distillation token" : "")
        + (Registers == 0 ? "" : Registers == 1 ? ", with a register" : $", with {Registers} registers")
        + (Positions == PositionEmbedding.SineCosine ? ", fixed sine-cosine positions" : "")
        + (Rotary == RotaryEmbedding.None ? "" : ", rotary positions")
        + (RelativeBias ? ", a bias for relative positions" : "")
        + Pool switch
        {
            TokenPool.ImageTokens => ", the mean of the image tokens",
            TokenPool.Prompts => ", the mean of the prompts",
            TokenPool.AllButClass => ", the mean of all tokens but the class token",
            TokenPool.All => ", the mean of all tokens",
            TokenPool.ClassAndImage => ", the class token beside the mean of the image tokens",
            TokenPool.Attention => ", pooled by attention",
            _ => "",
        }
        + (FinalNorm == FinalNorm.AfterPool ? ", normalised after pooling" : "")
        + (PreNorm ? ", normalised before the first layer" : "")
        + (MlpForm == MlpForm.Plain ? "" : ", with gated MLPs")
        + (LayerScale ? ", with layer scale" : "");

    /// <summary>The most numbers that a token has in one activation.</summary>
    public double WidestToken => Math.Max(3.0 * Width, (MlpForm == MlpForm.Plain ? 1.0 : 2.0) * Mlp);

    public override double WidestActivation(int promptTokens) => (PrefixTokens + Grid.Area + promptTokens) * WidestToken;
}
