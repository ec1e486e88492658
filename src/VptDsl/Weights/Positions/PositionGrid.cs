using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights.Positions;

/// <summary>Position embeddings as rows: those of the tokens before the patches, then those of a grid.</summary>
internal static class PositionGrid
{
    // Images of 2048 pixels in patches of 16; without a limit, a file could ask for any amount of memory.
    private const int LargestGrid = 128;

    /// <summary>How a stored tensor becomes a model's position embeddings; null if it need not change, or cannot.</summary>
    /// <param name="stored">The tensor.</param>
    /// <param name="storedGrid">The grid that it is for; null where nothing says, so that it is taken for a square's, as timm does.</param>
    /// <param name="parameter">The model's.</param>
    /// <param name="part">What the dialect says of the tensor.</param>
    /// <param name="rule">How those between are found.</param>
    public static PositionChange? Compare(
        TensorInfo stored, PlaneSize? storedGrid, ParameterDescription parameter, TensorPart part, PositionRule rule)
    {
        if (parameter is not { Grid: { } grid, Shape: [.., var width] } || !stored.Type.IsFloat())
        {
            return null;
        }

        int prefix = part.PositionPrefix ?? grid.Prefix;
        long[] shape = [.. stored.Shape.SkipWhile(dimension => dimension == 1)];
        if (shape is not [var rows, var storedWidth] || storedWidth != width)
            return null;
        PlaneSize? known = storedGrid is { } said && said.Area == rows - prefix ? said : Side(rows, prefix);
        if (known is not { } from)
            return null;
        var to = new PlaneSize(grid.Height, grid.Width);
        return from == to && prefix == grid.Prefix
            ? null
            : new(prefix - grid.Prefix, grid.Prefix, from == to ? null : new PositionResampling(from, to, rule));
    }

    /// <summary>Makes a model's position embeddings of a checkpoint's.</summary>
    /// <param name="change">What changes.</param>
    /// <param name="stored">Those of the checkpoint, <c>[rows, width]</c>.</param>
    /// <param name="positions">Those of the model, <c>[rows, width]</c>.</param>
    public static void Apply(PositionChange change, ReadOnlySpan<float> stored, Span<float> positions)
    {
        if (change.Resampling is not { } resampling)
        {
            stored[^positions.Length..].CopyTo(positions);
            return;
        }

        int width = stored.Length / (change.LeftOut + change.Prefix + resampling.From.Count);
        Resample(resampling, change.Prefix, stored[(change.LeftOut * width)..], positions);
    }

    /// <summary>Patches along a side of the grid that so many rows describe; null if it is not square or too large.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="prefix">Those before the grid's.</param>
    public static int? Side(long rows, int prefix)
    {
        for (int side = 1; side <= LargestGrid; side++)
        {
            if ((long)side * side == rows - prefix)
            {
                return side;
            }
        }

        return null;
    }

    /// <summary>Resamples position embeddings.</summary>
    /// <param name="resampling">The grids and the rule.</param>
    /// <param name="prefix">Rows before those of the patches, which stay.</param>
    /// <param name="stored">Those of the checkpoint, <c>[prefix + from, width]</c>.</param>
    /// <param name="resampled">Those of the model, <c>[prefix + to, width]</c>.</param>
    public static void Resample(PositionResampling resampling, int prefix, ReadOnlySpan<float> stored, Span<float> resampled)
    {
        var (from, to, rule) = resampling;
        int width = stored.Length / (prefix + from.Count);
        stored[..(prefix * width)].CopyTo(resampled);
        var grid = stored[(prefix * width)..];
        var result = resampled[(prefix * width)..];

        // Along rows first, as PyTorch does; a grid's row is then one long vector for the other direction.
        var across = ResamplingWeights.Make(rule, from.Width, to.Width);
        int oldRow = from.Width * width, newRow = to.Width * width;
        float[] resized = new float[from.Height * newRow];
        for (int row = 0; row < from.Height; row++)
        {
            across.Apply(grid.Slice(row * oldRow, oldRow), resized.AsSpan(row * newRow, newRow));
        }

        ResamplingWeights.Make(rule, from.Height, to.Height).Apply(resized, result);
    }
}

/// <summary>What becomes of a checkpoint's position embeddings.</summary>
/// <param name="LeftOut">Rows at their beginning that the model adds to tokens, or does not have.</param>
/// <param name="Prefix">Rows after them that stay, before those of the patches.</param>
/// <param name="Resampling">The change of the grid, if it changes.</param>
internal sealed record PositionChange(int LeftOut, int Prefix, PositionResampling? Resampling);
