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
            "vit-t16" => Vit(new VitAttribute(VitSize.Tiny)),
            "vit-s16" => Vit(new VitAttribute(VitSize.Small)),
            "vit-b16" => Vit(new VitAttribute(VitSize.Base)),
            "vit-l16" => Vit(new VitAttribute(VitSize.Large)),
            "vit-h14" => Vit(new VitAttribute(VitSize.Huge)),
            "dinov2-s14" => Vit(new DinoV2Attribute(DinoV2Size.Small)),
            "dinov2-b14" => Vit(new DinoV2Attribute(DinoV2Size.Base)),
            "dinov2-l14" => Vit(new DinoV2Attribute(DinoV2Size.Large)),
            "dinov3-s16" => Vit(new DinoV3Attribute(DinoV3Size.Small) { Image = 224 }),
            "dinov3-b16" => Vit(new DinoV3Attribute(DinoV3Size.Base) { Image = 224 }),
            "dinov3-l16" => Vit(new DinoV3Attribute(DinoV3Size.Large) { Image = 224 }),
            "siglip-b16" => Vit(new SigLipAttribute(SigLipSize.Base)),
            "siglip-l16" => Vit(new SigLipAttribute(SigLipSize.Large) { Image = 224 }),
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

        VitPeer Vit(VisionTransformerAttribute vit) => new(weights, vit, count, PromptedLayers(words), classes);
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
