using VptDsl.Programs;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights.Positions;

/// <summary>Position embeddings as rows: those of the tokens before the patches, then those of a square grid.</summary>
internal static class PositionGrid
{
    // Images of 2048 pixels in patches of 16; without a limit, a file could ask for any amount of memory.
    private const int LargestGrid = 128;

    /// <summary>How a stored tensor becomes a model's position embeddings; null if it need not change, or cannot.</summary>
    public static PositionChange? Compare(TensorInfo stored, ParameterDescription parameter, TensorPart part, PositionRule rule)
    {
        if (parameter is not { Grid: { } grid, Shape: [.., var width] } || !stored.Type.IsFloat() || grid.Height != grid.Width)
        {
            return null;
        }

        int prefix = part.PositionPrefix ?? grid.Prefix;
        long[] shape = [.. stored.Shape.SkipWhile(dimension => dimension == 1)];
        if (shape is not [var rows, var storedWidth] || storedWidth != width || Side(rows, prefix) is not { } from)
        {
            return null;
        }

        return from == grid.Height && prefix == grid.Prefix
            ? null
            : new(prefix - grid.Prefix, grid.Prefix, from == grid.Height ? null : new PositionResampling(from, grid.Height, rule));
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

        int width = stored.Length / (change.LeftOut + change.Prefix + (resampling.From * resampling.From));
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
    /// <param name="stored">Those of the checkpoint, <c>[prefix + from², width]</c>.</param>
    /// <param name="resampled">Those of the model, <c>[prefix + to², width]</c>.</param>
    public static void Resample(PositionResampling resampling, int prefix, ReadOnlySpan<float> stored, Span<float> resampled)
    {
        var (from, to, rule) = resampling;
        int width = stored.Length / (prefix + (from * from));
        stored[..(prefix * width)].CopyTo(resampled);
        var grid = stored[(prefix * width)..];
        var result = resampled[(prefix * width)..];

        // Along rows first, as PyTorch does; a grid's row is then one long vector for the other direction.
        var weights = ResamplingWeights.Make(rule, from, to);
        float[] narrowed = new float[from * to * width];
        for (int row = 0; row < from; row++)
        {
            weights.Apply(grid.Slice(row * from * width, from * width), narrowed.AsSpan(row * to * width, to * width));
        }

        weights.Apply(narrowed, result);
    }
}

/// <summary>What becomes of a checkpoint's position embeddings.</summary>
/// <param name="LeftOut">Rows at their beginning that the model adds to tokens, or does not have.</param>
/// <param name="Prefix">Rows after them that stay, before those of the patches.</param>
/// <param name="Resampling">The change of the grid, if it changes.</param>
internal sealed record PositionChange(int LeftOut, int Prefix, PositionResampling? Resampling);
