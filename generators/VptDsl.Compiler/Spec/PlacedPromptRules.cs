using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of prompts that do not join the sequence as tokens of their own.</summary>
internal static class PlacedPromptRules
{
    private static readonly AddedPromptAttribute UsualAdded = new();
    private static readonly PixelPromptAttribute UsualPatches = new();
    private static readonly ChannelPromptAttribute UsualChannels = new();

    /// <summary>Prompts that are added to tokens; null when problems were added or the backbone is unknown.</summary>
    public static AddedPromptSpec? ResolveAdded(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        bool perToken = prompts.Flag("PerToken") ?? UsualAdded.PerToken;
        EquatableArray<int>? layers = prompts.Text("Layers") is null
            ? EquatableArray.Of(0)
            : PromptRules.DeepLayers(prompts, backbone?.Layers, problems);
        return layers is null || backbone is null ? null : new AddedPromptSpec(perToken, layers);
    }

    /// <summary>Prompts that are patches of pixels; null when problems were added or the backbone is unknown.</summary>
    public static PatchPromptSpec? ResolvePatches(DeclaredAttribute prompts, VitSpec? vit, List<Problem> problems)
    {
        int before = problems.Count, tokens = prompts.Number("Tokens") ?? UsualPatches.Tokens;
        PatchStart start = prompts.Choice<PatchStart>("Start", problems) ?? UsualPatches.Start;
        if (tokens < 0)
            problems.Add(Problems.TooFewTokens(tokens));
        if (start == PatchStart.Colours && vit is not (null or { Channels: 3 }))
            problems.Add(Problems.NoColours(prompts.Locate("Start"), vit.Channels));
        return problems.Count > before || vit is null || tokens == 0 ? null : new PatchPromptSpec(tokens, start);
    }

    /// <summary>Prompts that are channels; null when problems were added or the backbone is unknown.</summary>
    public static ChannelPromptSpec? ResolveChannels(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        int channels = prompts.Number("Channels") ?? UsualChannels.Channels;
        if (channels < 1)
            problems.Add(Problems.NotPositive(prompts.Locate("Channels"), "Channels", channels));
        return channels < 1 || backbone is null ? null : new ChannelPromptSpec(channels);
    }
}
