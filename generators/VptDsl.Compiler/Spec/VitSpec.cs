using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>A pre-norm vision transformer with a class token.</summary>
internal sealed record VitSpec(int Image, int Channels, int Patch, int Width, int Layers, int Heads, int Mlp)
    : BackboneSpec(Image, Channels)
{
    public override int Layers { get; init; } = Layers;

    public override int FeatureWidth => Width;

    public override PromptKinds Prompts => PromptKinds.All;

    public override StemSpec Stem => new(Patch, Patch, Width, EquatableArray.Of("patch_embed"));

    public int Patches => Image / Patch * (Image / Patch);

    /// <summary>What the head reads of the last layer's tokens.</summary>
    public TokenPool Pool { get; init; }

    /// <summary>Where the final normalisation stands.</summary>
    public FinalNorm FinalNorm { get; init; }

    /// <summary>What tells a patch's place.</summary>
    public PositionEmbedding Positions { get; init; }

    /// <summary>What normalisations add to a variance.</summary>
    public double Epsilon { get; init; } = VitAttribute.UsualEpsilon;

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
        + (Epsilon == VitAttribute.UsualEpsilon ? "" : ",epsilon=" + Epsilon.ToString("R", CultureInfo.InvariantCulture))
        + (Activation == ActivationKind.Gelu ? "" : $",activation={Activation}")
        + (PreNorm ? ",prenorm" : "")
        + (LayerScale ? ",layerscale" : "")
        + ")";

    public override BackboneTraits Traits => new(EquatableArray.Of(Heads), Epsilon, ActivationNames.Of(Activation));

    public override double ParameterCount
    {
        get
        {
            double width = Width;
            double patchEmbedding = ((Channels * (double)Patch * Patch) + (PreNorm ? 0 : 1)) * width;
            double positions = Tokens * width;
            double norms = 2 * 2 * width;
            double scales = LayerScale ? 2 * width : 0;
            double preNorm = PreNorm ? 2 * width : 0;
            double attention = (width + 1) * 4 * width;
            double mlp = (2 * width * Mlp) + Mlp + width;
            double classToken = width;
            double finalNorm = 2 * width;
            return patchEmbedding + classToken + positions + preNorm + (Layers * (norms + attention + mlp + scales)) + finalNorm;
        }
    }

    public override int PrefixTokens => 1;

    public override string? ClassToken => "cls_token";

    public override int? LayerOf(string parameter)
    {
        string[] words = parameter.Split('.');
        return words[0] switch
        {
            "blocks" => int.Parse(words[1], CultureInfo.InvariantCulture),
            "norm" or "fc_norm" => Layers,
            _ => null,
        };
    }

    public override int TokensOf(int layer) => PrefixTokens + Patches;

    public override string? CannotCut(int side) => side % Patch == 0 ? null : $"patches of {Patch}";

    private double Tokens => PrefixTokens + Math.Pow(Image / Patch, 2);

    public override string Describe() =>
        $"ViT of width {Width}, {Layers} layers and {Heads} heads on {Image}-pixel images in {Patch}-pixel patches"
        + (Positions == PositionEmbedding.SineCosine ? ", fixed sine-cosine positions" : "")
        + Pool switch
        {
            TokenPool.ImageTokens => ", the mean of the image tokens",
            TokenPool.Prompts => ", the mean of the prompts",
            TokenPool.AllButClass => ", the mean of all tokens but the class token",
            TokenPool.All => ", the mean of all tokens",
            _ => "",
        }
        + (FinalNorm == FinalNorm.AfterPool ? ", normalised after pooling" : "")
        + (PreNorm ? ", normalised before the first layer" : "")
        + (LayerScale ? ", with layer scale" : "");

    public override double WidestActivation(int promptTokens) => (Tokens + promptTokens) * Math.Max(3.0 * Width, Mlp);
}
