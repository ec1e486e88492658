using System.Globalization;
using VptDsl.Weights;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>Reads a model from the command line, by the names that VptDsl.Benchmarks has for them.</summary>
internal static class Peers
{
    /// <param name="model">The backbone.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="classes">The classes of the head.</param>
    /// <param name="file">Where the parameters are; null to draw them.</param>
    public static IPeerModel Create(string model, string prompts, int classes, SafetensorsFile? file)
    {
        string[] words = prompts.Split(':');
        int count = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        var weights = new Weights(full: words[0] == "full", file);
        return model switch
        {
            "vit-t16" => Vit(12, 192, 16),
            "vit-s16" => Vit(12, 384, 16),
            "vit-b16" => Vit(12, 768, 16),
            "vit-l16" => Vit(24, 1024, 16),
            "vit-h14" => Vit(32, 1280, 14),
            "swin-t" => Swin([2, 2, 6, 2], 96),
            "swin-s" => Swin([2, 2, 18, 2], 96),
            "swin-b" => Swin([2, 2, 18, 2], 128),
            "swin-l" => Swin([2, 2, 18, 2], 192),
            "convnext-t" => ConvNeXt([3, 3, 9, 3], 96),
            "convnext-s" => ConvNeXt([3, 3, 27, 3], 96),
            "convnext-b" => ConvNeXt([3, 3, 27, 3], 128),
            "convnext-l" => ConvNeXt([3, 3, 27, 3], 192),
            _ => throw new ArgumentException($"There is no model {model} here."),
        };

        VitPeer Vit(int layers, int width, int patch) => new(weights, layers, width, patch, count, PromptedLayers(words), classes);
        SwinPeer Swin(int[] depths, int width) => new(weights, depths, width, count, words[0] == "deep", classes);
        ConvNeXtPeer ConvNeXt(int[] depths, int width) => new(weights, depths, width, count, classes);
    }

    /// <summary>The first layer, all, or with a third word such as <c>^6..</c> the last few.</summary>
    private static Range PromptedLayers(string[] words) => words switch
    {
        ["deep", _, ['^', .. var last, '.', '.']] => ^int.Parse(last, CultureInfo.InvariantCulture)..,
        ["deep", _] => ..,
        _ => ..1,
    };
}
