using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Learning rates that fall from the head down to the first layers of the backbone, grouped as timm groups layers.</summary>
/// <remarks>
/// The head, prompts and networks that were put into the backbone learn at the full rate; the last layer, and the normalisation after it,
/// at decay times that; and so on down to the embedding of patches.
/// </remarks>
internal static class LayerRates
{
    private static readonly string[] Embeddings =
    [
        "cls_token", "dist_token", "reg_token", "mask_token", "pos_embed", "patch_embed", "norm_pre", "rel_pos_bias", "downsample_layers",
        "conv1", "bn1",
    ];

    /// <summary>Runs of trained parameters that learn at one rate, which together are all of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">Above 0, at most 1.</param>
    public static ImmutableArray<RateRun> Of(ModelDescription model, double decay)
    {
        (int Stage, int Block)[] blocks =
            [.. model.Parameters.Where(IsOfBackbone).Select(p => BlockOf(p.Name)).OfType<(int, int)>().Distinct().Order()];
        ParameterDescription[] trained = [.. model.Parameters.Where(p => p.Trained).OrderBy(p => p.Offset)];
        var runs = ImmutableArray.CreateBuilder<RateRun>();
        for (int i = 0; i < trained.Length; i++)
        {
            long first = i == 0 ? 0 : trained[i].Offset, end = i + 1 < trained.Length ? trained[i + 1].Offset : model.TrainedFloats;
            float scale = (float)Math.Pow(decay, StepsBelowHead(trained[i], blocks));
            if (runs.Count > 0 && runs[^1].Scale == scale)
                runs[^1] = runs[^1] with { Count = end - runs[^1].Offset };
            else
                runs.Add(new(first, end - first, scale));
        }

        return runs.ToImmutable();
    }

    private static int StepsBelowHead(ParameterDescription parameter, (int, int)[] blocks)
    {
        string name = parameter.Name;
        if (!IsOfBackbone(parameter))
            return 0;
        if (BlockOf(name) is { } block)
            return blocks.Length - Array.IndexOf(blocks, block);
        string root = name.Split('.')[0];
        return Embeddings.Contains(root) ? blocks.Length + 1 : root == "norm" ? 1 : 0;
    }

    private static bool IsOfBackbone(ParameterDescription parameter) => parameter.Kind == ParameterKind.Backbone;

    /// <summary>
    /// Stage and place of the block that a parameter is of; what leads into a stage belongs to its first block. Swin's authors count that
    /// to the stage before, ConvNeXt's to the stage itself, with the stem as what leads into the first.
    /// </summary>
    private static (int Stage, int Block)? BlockOf(string name) => name.Split('.') switch
    {
        ["blocks", var block, _, ..] => (0, Number(block)),
        ["layers", var stage, "blocks", var block, _, ..] => (Number(stage), Number(block)),
        ["layers", var stage, "downsample", ..] => (Number(stage) + 1, 0),
        ["stages", var stage, var block, _, ..] => (Number(stage), Number(block)),
        ["downsample_layers", not "0" and var stage, ..] => (Number(stage), 0),
        [var stage, var block, _, ..] when stage.StartsWith("layer", StringComparison.Ordinal)
            && int.TryParse(stage.AsSpan("layer".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) =>
                (number, Number(block)),
        _ => null,
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
