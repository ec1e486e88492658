using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Descriptions of vision transformers as the generator writes them, and weights for them.</summary>
internal static class SmallVit
{
    /// <summary>A model with deep prompts and a linear head.</summary>
    public static ModelDescription Describe(
        int width = 4,
        int layers = 2,
        int tokens = 3,
        int classes = 5,
        int patch = 2,
        PlaneSize? image = null,
        params string[] trainedToo)
    {
        PlaneSize size = image ?? 4;
        int down = size.Height / patch, across = size.Width / patch, positions = 1 + (down * across);
        var shapes = new List<(string Name, int[] Shape, ParameterKind Kind)>
        {
            ("cls_token", [1, 1, width], ParameterKind.Backbone),
            ("pos_embed", [1, positions, width], ParameterKind.Backbone),
            ("patch_embed.proj.weight", [width, 3, patch, patch], ParameterKind.Backbone),
            ("patch_embed.proj.bias", [width], ParameterKind.Backbone),
        };
        for (int i = 0; i < layers; i++)
        {
            shapes.AddRange(Block(i, width));
            shapes.Add(($"prompts.{i}", [tokens, width], ParameterKind.Prompt));
        }

        shapes.Add(("norm.weight", [width], ParameterKind.Backbone));
        shapes.Add(("norm.bias", [width], ParameterKind.Backbone));
        shapes.Add(("head.weight", [classes, width], ParameterKind.Head));
        shapes.Add(("head.bias", [classes], ParameterKind.Head));
        return new ModelDescription
        {
            Name = "Small",
            Declaration = $"Vit({width}, {layers}, {patch}, {image}) DeepPrompt({tokens}) linear(classes={classes})",
            Channels = 3,
            ImageSize = size,
            Classes = classes,
            Parameters = Place(shapes, trainedToo, new(prefix: 1, down, across)),
        };
    }

    /// <summary>Values that differ from element to element and from parameter to parameter.</summary>
    public static float[] Values(ParameterDescription parameter)
    {
        int phase = parameter.Name.Sum(c => c);
        return [.. Enumerable.Range(0, (int)parameter.Count).Select(i => MathF.Sin((0.7f * i) + phase))];
    }

    /// <summary>The backbone under its canonical names.</summary>
    public static List<TensorToWrite> Backbone(ModelDescription model) =>
        [.. model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).Select(p => new TensorToWrite(p.Name, p.Shape, Values(p)))];

    private static IEnumerable<(string, int[], ParameterKind)> Block(int index, int width)
    {
        (string Name, int[] Shape)[] members =
        [
            ("norm1.weight", [width]),
            ("norm1.bias", [width]),
            ("attn.qkv.weight", [3 * width, width]),
            ("attn.qkv.bias", [3 * width]),
            ("attn.proj.weight", [width, width]),
            ("attn.proj.bias", [width]),
            ("norm2.weight", [width]),
            ("norm2.bias", [width]),
            ("mlp.fc1.weight", [4 * width, width]),
            ("mlp.fc1.bias", [4 * width]),
            ("mlp.fc2.weight", [width, 4 * width]),
            ("mlp.fc2.bias", [width]),
        ];
        return members.Select(member => ($"blocks.{index}.{member.Name}", member.Shape, ParameterKind.Backbone));
    }

    private static ImmutableArray<ParameterDescription> Place(
        List<(string Name, int[] Shape, ParameterKind Kind)> shapes, string[] trainedToo, PatchGrid grid)
    {
        var parameters = ImmutableArray.CreateBuilder<ParameterDescription>();
        long[] ends = new long[2];
        foreach (var (name, shape, kind) in shapes)
        {
            bool trained = kind != ParameterKind.Backbone || trainedToo.Contains(name);
            ref long end = ref ends[trained ? 1 : 0];
            parameters.Add(new ParameterDescription(name, [.. shape], kind, trained, end, default)
            {
                Grid = name == "pos_embed" ? grid : null,
            });
            end += parameters[^1].Count;
        }

        return parameters.ToImmutable();
    }
}
