using VptDsl.Programs;

namespace VptDsl.Weights.Inspection;

/// <summary>The backbone parameters that a model of some sizes has, as the generator names them.</summary>
internal static class VitParameters
{
    /// <summary>All of them.</summary>
    public static ParameterDescription[] List(VitSketch vit)
    {
        int grid = vit.Image / vit.Patch;
        (string, int[])[] outside =
        [
            ("cls_token", [1, 1, vit.Width]),
            ("pos_embed", [1, 1 + (grid * grid), vit.Width]),
            ("patch_embed.proj.weight", [vit.Width, vit.Channels, vit.Patch, vit.Patch]),
            ("patch_embed.proj.bias", [vit.Width]),
            ("norm.weight", [vit.Width]),
            ("norm.bias", [vit.Width]),
        ];
        return [.. outside.Concat(Enumerable.Range(0, vit.Layers).SelectMany(block => Block(block, vit.Width, vit.Mlp))).Select(Describe)];
    }

    private static IEnumerable<(string Name, int[] Shape)> Block(int block, int width, int mlp)
    {
        (string Name, int Outputs, int? Inputs)[] members =
        [
            ("norm1", width, null),
            ("attn.qkv", 3 * width, width),
            ("attn.proj", width, width),
            ("norm2", width, null),
            ("mlp.fc1", mlp, width),
            ("mlp.fc2", width, mlp),
        ];
        foreach (var (name, outputs, inputs) in members)
        {
            yield return ($"blocks.{block}.{name}.weight", inputs is { } length ? [outputs, length] : [outputs]);
            yield return ($"blocks.{block}.{name}.bias", [outputs]);
        }
    }

    private static ParameterDescription Describe((string Name, int[] Shape) parameter) =>
        new(parameter.Name, [.. parameter.Shape], ParameterKind.Backbone, Trained: false, Offset: 0, Initializer: default);
}
