using System.Globalization;

namespace VptDsl.Compiler.Spec;

/// <summary>A pre-norm vision transformer with a class token.</summary>
internal sealed record VitSpec(int Image, int Channels, int Patch, int Width, int Layers, int Heads, int Mlp) : BackboneSpec(Image, Channels)
{
    public override int Layers { get; init; } = Layers;

    public override int FeatureWidth => Width;

    public int Patches => Image / Patch * (Image / Patch);

    public override string Identity =>
        $"vit(image={Image},channels={Channels},patch={Patch},width={Width},layers={Layers},heads={Heads},mlp={Mlp})";

    public override double ParameterCount
    {
        get
        {
            double width = Width;
            double patchEmbedding = ((Channels * (double)Patch * Patch) + 1) * width;
            double positions = Tokens * width;
            double norms = 2 * 2 * width;
            double attention = (width + 1) * 4 * width;
            double mlp = (2 * width * Mlp) + Mlp + width;
            double classToken = width;
            double finalNorm = 2 * width;
            return patchEmbedding + classToken + positions + (Layers * (norms + attention + mlp)) + finalNorm;
        }
    }

    public override string? ClassToken => "cls_token";

    public override bool TellsLayers => true;

    public override int? LayerOf(string parameter)
    {
        string[] words = parameter.Split('.');
        return words[0] switch
        {
            "blocks" => int.Parse(words[1], CultureInfo.InvariantCulture),
            "norm" => Layers,
            _ => null,
        };
    }

    private double Tokens => 1 + Math.Pow(Image / Patch, 2);

    public override string Describe() =>
        $"ViT of width {Width}, {Layers} layers and {Heads} heads on {Image}-pixel images in {Patch}-pixel patches";

    public override double WidestActivation(int promptTokens) => (Tokens + promptTokens) * Math.Max(3.0 * Width, Mlp);
}
