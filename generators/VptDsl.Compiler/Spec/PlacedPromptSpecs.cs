using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Prompts that are added to the tokens before the layers listed, ascending.</summary>
/// <param name="PerToken">Whether each token has a prompt of its own; otherwise one is added to all.</param>
/// <param name="Layers">The layers.</param>
internal sealed record AddedPromptSpec(bool PerToken, EquatableArray<int> Layers) : PromptSpec
{
    public override string Identity => $"added(per={(PerToken ? "token" : "layer")},layers={string.Join("+", Layers)})";

    public override string Describe(BackboneSpec backbone) =>
        (PerToken ? "a prompt added to each token" : "one prompt added to all tokens") + $" before layers {string.Join(", ", Layers)}";

    public override double ParameterCount(BackboneSpec backbone) =>
        Layers.Sum(layer => (double)backbone.WidthOf(layer) * (PerToken ? backbone.TokensOf(layer) : 1));
}

/// <summary>Prompts that are patches of pixels and go through the backbone's own patch embedding.</summary>
/// <param name="Tokens">How many patches.</param>
/// <param name="Start">What their pixels are drawn from.</param>
internal sealed record PatchPromptSpec(int Tokens, PatchStart Start) : PromptSpec
{
    public override string Identity => $"pixels(tokens={Tokens},start={Start})";

    public override int AddedTokens => Tokens;

    public override int TokensAtTheEnd(int layers) => Tokens;

    public override string Describe(BackboneSpec backbone) => $"{Tokens} learned patches of pixels before the first layer";

    public override double ParameterCount(BackboneSpec backbone) =>
        backbone is VitSpec vit ? Tokens * vit.Channels * vit.Patch.Area : 0;
}

/// <summary>Prompts that are further channels of the image; the convolution that reads them is trained along with them.</summary>
/// <param name="Channels">How many channels.</param>
internal sealed record ChannelPromptSpec(int Channels) : PromptSpec
{
    public override string Identity => $"channels(count={Channels})";

    public override bool AlsoTrains(BackboneSpec backbone, string parameter) => Trained && backbone.Stem.Owns(parameter);

    public override string Describe(BackboneSpec backbone) =>
        $"{Channels} learned channels beside the image's, with the {(backbone.Stem.CutsPatches ? "patch embedding" : "first convolution")} "
            + "trained";

    public override double ParameterCount(BackboneSpec backbone) =>
        Channels * (backbone.Image.Area + (backbone.Stem.Width * backbone.Stem.Kernel.Area));
}
