using System.Globalization;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Models;

/// <summary>Reads a model from the command line: <c>vit-b16</c> with <c>deep:50</c>, <c>convnext-b</c> with <c>pad:5</c>.</summary>
internal static class ModelName
{
    public const string Models =
        "vit-t16, vit-s16, vit-b16, vit-l16, vit-h14, dinov2-s14, dinov2-b14, dinov2-l14, dinov3-s16, dinov3-b16, dinov3-l16, "
            + "siglip-b16, siglip-l16, swin-t, swin-s, swin-b, swin-l, convnext-t, convnext-s, convnext-b, convnext-l, "
            + "resnet-18, resnet-50 or resnet-101";

    public const string Prompts =
        "linear, full, shallow:TOKENS, deep:TOKENS or deep:TOKENS:LAYERS (for instance deep:50:^6..), "
            + "or pad:PIXELS for convolutional networks";

    private static readonly EquatableArray<int> ResNetWidths = EquatableArray.Of(64, 128, 256, 512);

    public static ModelSpec Parse(string model, string prompts, int classes)
    {
        BackboneSpec backbone = model switch
        {
            "vit-t16" => Vit(192, 12, 3, 16),
            "vit-s16" => Vit(384, 12, 6, 16),
            "vit-b16" => Vit(768, 12, 12, 16),
            "vit-l16" => Vit(1024, 24, 16, 16),
            "vit-h14" => Vit(1280, 32, 16, 14),
            "dinov2-s14" => Family(AttributeKind.DinoV2, DinoV2Size.Small),
            "dinov2-b14" => Family(AttributeKind.DinoV2, DinoV2Size.Base),
            "dinov2-l14" => Family(AttributeKind.DinoV2, DinoV2Size.Large),
            "dinov3-s16" => Family(AttributeKind.DinoV3, DinoV3Size.Small),
            "dinov3-b16" => Family(AttributeKind.DinoV3, DinoV3Size.Base),
            "dinov3-l16" => Family(AttributeKind.DinoV3, DinoV3Size.Large),
            "siglip-b16" => Family(AttributeKind.SigLip, SigLipSize.Base),
            "siglip-l16" => Family(AttributeKind.SigLip, SigLipSize.Large),
            "swin-t" => Swin(96, 6),
            "swin-s" => Swin(96, 18),
            "swin-b" => Swin(128, 18),
            "swin-l" => Swin(192, 18),
            "convnext-t" => ConvNeXt(9, 96),
            "convnext-s" => ConvNeXt(27, 96),
            "convnext-b" => ConvNeXt(27, 128),
            "convnext-l" => ConvNeXt(27, 192),
            "resnet-18" => ResNet(EquatableArray.Of(2, 2, 2, 2), 1),
            "resnet-50" => ResNet(EquatableArray.Of(3, 4, 6, 3), 4),
            "resnet-101" => ResNet(EquatableArray.Of(3, 4, 23, 3), 4),
            _ => throw new ArgumentException($"There is no model {model}: give {Models}."),
        };
        string[] words = prompts.Split(':');
        int count = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        PromptSpec? scheme = words switch
        {
            ["linear"] or ["full"] => null,
            ["pad", _] when backbone is not (VitSpec or SwinSpec) => new PadPromptSpec(count, PixelStart.Colours),
            ["shallow", _] when backbone is VitSpec or SwinSpec => Tokens(count, EquatableArray.Of(0)),
            ["deep", _] when backbone is VitSpec or SwinSpec => Tokens(count, Enumerable.Range(0, backbone.Layers).ToEquatableArray()),
            ["deep", _, var layers] when backbone is VitSpec or SwinSpec => Tokens(count, LastOf(layers, backbone.Layers)),
            _ => throw new ArgumentException($"{model} has no prompt scheme {prompts}: give {Prompts}."),
        };
        return new(
            new("Benchmarked", "Model", "public"), backbone, scheme, new ClassifierHeadSpec(classes),
            words[0] == "full" ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    private static VitSpec Vit(int width, int layers, int heads, int patch) => new(224, 3, patch, width, layers, heads, 4 * width);

    /// <summary>What a family's attribute declares, with images of the size that is measured throughout.</summary>
    private static VitSpec Family<TSize>(AttributeKind kind, TSize size)
        where TSize : struct, Enum
    {
        DeclaredArgument[] arguments = [new("Size", Convert.ToInt32(size, CultureInfo.InvariantCulture), null), new("Image", 224, null)];
        return VitRules.Resolve(new(kind, arguments.ToEquatableArray()), [])
            ?? throw new InvalidOperationException($"{kind} has no {size} for images of 224 pixels.");
    }

    private static SwinSpec Swin(int width, int third) =>
        new(
            224, 3, 4, width, EquatableArray.Of(2, 2, third, 2), EquatableArray.Of(width / 32, width / 16, width / 8, width / 4),
            Window: 7);

    private static ConvNeXtSpec ConvNeXt(int third, int width) =>
        new(224, 3, EquatableArray.Of(3, 3, third, 3), EquatableArray.Of(width, 2 * width, 4 * width, 8 * width));

    private static ResNetSpec ResNet(EquatableArray<int> depths, int expansion) =>
        new(224, 3, StemWidth: 64, depths, ResNetWidths, expansion);

    private static TokenPromptSpec Tokens(int count, EquatableArray<int> layers) => new(count, layers, PromptFlow.Carry);

    private static EquatableArray<int> LastOf(string text, int layers)
    {
        LayerList? list = LayerList.Parse(text, out string complaint);
        return list?.Of(layers) ?? throw new ArgumentException($"'{text}' are no layers: {complaint}.");
    }
}
