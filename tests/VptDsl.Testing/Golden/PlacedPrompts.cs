using System.Text.Json;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Testing.Golden;

/// <summary>Prompts that several families of backbones can have in the same places.</summary>
internal static class PlacedPrompts
{
    /// <summary>The prompts at a location in the words of the public code; null for one of tokens.</summary>
    public static PromptSpec? Read(string location, int length, bool isGaussian, EquatableArray<int> layers) => location switch
    {
        "add" => new AddedPromptSpec(PerToken: true, layers),
        "add-1" => new AddedPromptSpec(PerToken: false, layers),
        "below" => new ChannelPromptSpec(length),
        "pad" => new PadPromptSpec(length, isGaussian ? PixelStart.Normal : PixelStart.Colours),
        _ => null,
    };

    /// <summary>The same of a case's description, before the first layer where they go before layers.</summary>
    public static PromptSpec? Read(JsonElement prompt) => Read(
        prompt.GetProperty("location").GetString()!,
        prompt.GetProperty("length").GetInt32(),
        prompt.GetProperty("initiation").GetString() == "gaussian",
        EquatableArray.Of(0));
}
