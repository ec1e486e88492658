using System.Globalization;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Models;

/// <summary>Reads a model from the command line: <c>vit-b16</c> with <c>deep:50</c>.</summary>
internal static class ModelName
{
    public const string Models = "vit-t16, vit-s16, vit-b16, vit-l16, vit-h14, swin-t, swin-s, swin-b or swin-l";

    public const string Prompts = "linear, full, shallow:TOKENS, deep:TOKENS or deep:TOKENS:LAYERS (for instance deep:50:^6..)";

    public static ModelSpec Parse(string model, string prompts, int classes)
    {
        BackboneSpec backbone = model switch
        {
            "vit-t16" => Vit(192, 12, 3, 16),
            "vit-s16" => Vit(384, 12, 6, 16),
            "vit-b16" => Vit(768, 12, 12, 16),
            "vit-l16" => Vit(1024, 24, 16, 16),
            "vit-h14" => Vit(1280, 32, 16, 14),
            "swin-t" => Swin(0),
            "swin-s" => Swin(1),
            "swin-b" => Swin(2),
            "swin-l" => Swin(3),
            _ => throw new ArgumentException($"There is no model {model}: give {Models}."),
        };
        string[] words = prompts.Split(':');
        int tokens = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        TokenPromptSpec? scheme = words switch
        {
            ["linear"] or ["full"] => null,
            ["shallow", _] => new(tokens, EquatableArray.Of(0), Compiler.Spec.PromptFlow.Carry),
            ["deep", _] => new(tokens, Enumerable.Range(0, backbone.Layers).ToEquatableArray(), Compiler.Spec.PromptFlow.Carry),
            ["deep", _, var layers] => new(tokens, LastOf(layers, backbone.Layers), Compiler.Spec.PromptFlow.Carry),
            _ => throw new ArgumentException($"There is no prompt scheme {prompts}: give {Prompts}."),
        };
        return new(new("Benchmarked", "Model", "public"), backbone, scheme, new(classes), words[0] == "full" ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    private static VitSpec Vit(int width, int layers, int heads, int patch) => new(224, 3, patch, width, layers, heads, 4 * width);

    private static SwinSpec Swin(int size)
    {
        SwinPreset preset = SwinPreset.Find(size)!;
        return new(224, 3, 4, preset.Width, preset.Depths, preset.Heads, Window: 7);
    }

    private static EquatableArray<int> LastOf(string text, int layers)
    {
        LayerList? list = LayerList.Parse(text, out string complaint);
        return list?.Of(layers) ?? throw new ArgumentException($"'{text}' are no layers: {complaint}.");
    }
}
