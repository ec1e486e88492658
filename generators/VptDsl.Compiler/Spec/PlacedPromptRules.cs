using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of prompts that do not join the sequence as tokens of their own.</summary>
internal static class PlacedPromptRules
{
    private const int DefaultTokens = 50;
    private const int DefaultChannels = 1;

    /// <summary>Prompts that are added to tokens; null when problems were added or the backbone is unknown.</summary>
    public static AddedPromptSpec? ResolveAdded(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        bool perToken = prompts.Number("PerToken") is not 0;
        EquatableArray<int>? layers = prompts.Text("Layers") is null
            ? EquatableArray.Of(0)
            : PromptRules.DeepLayers(prompts, backbone?.Layers, problems);
        return layers is null || backbone is null ? null : new AddedPromptSpec(perToken, layers);
    }

    /// <summary>Prompts that are patches of pixels; null when problems were added or the backbone is unknown.</summary>
    public static PatchPromptSpec? ResolvePatches(DeclaredAttribute prompts, VitSpec? vit, List<Problem> problems)
    {
        int before = problems.Count, tokens = prompts.Number("Tokens") ?? DefaultTokens;
        var start = (PatchStart)(prompts.Number("Start") ?? 0);
        if (tokens < 0)
            problems.Add(Problems.TooFewTokens(tokens));
        if (start is not (PatchStart.Uniform or PatchStart.Normal or PatchStart.Colours))
        {
            problems.Add(Problems.UnknownValue(
                prompts.Locate("Start"), "PatchStart", (int)start, "PatchStart.Uniform, PatchStart.Normal or PatchStart.Colours"));
        }

        if (start == PatchStart.Colours && vit is not (null or { Channels: 3 }))
            problems.Add(Problems.NoColours(prompts.Locate("Start"), vit.Channels));
        return problems.Count > before || vit is null || tokens == 0 ? null : new PatchPromptSpec(tokens, start);
    }

    /// <summary>Prompts that are channels; null when problems were added or the backbone is unknown.</summary>
    public static ChannelPromptSpec? ResolveChannels(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        int channels = prompts.Number("Channels") ?? DefaultChannels;
        if (channels < 1)
            problems.Add(Problems.NotPositive(prompts.Locate("Channels"), "Channels", channels));
        return channels < 1 || backbone is null ? null : new ChannelPromptSpec(channels);
    }
}
