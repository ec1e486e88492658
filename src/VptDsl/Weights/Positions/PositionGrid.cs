using VptDsl.Programs;

namespace VptDsl.Weights.Positions;

/// <summary>Position embeddings as rows: those of the tokens before the patches, then those of a square grid.</summary>
internal static class PositionGrid
{
    // Images of 2048 pixels in patches of 16; without a limit, a file could ask for any amount of memory.
    private const int LargestGrid = 128;

    /// <summary>How a stored tensor becomes a model's position embeddings; null if it need not change, or cannot.</summary>
    public static PositionResampling? Compare(TensorInfo stored, ParameterDescription parameter, PositionRule rule)
    {
        if (parameter is not { Grid: { } grid, Shape: [.., var rows, var width] } || !stored.Type.IsFloat() || grid.Height != grid.Width)
        {
            return null;
        }

        long[] shape = [.. stored.Shape.SkipWhile(dimension => dimension == 1)];
        return shape is [var storedRows, var storedWidth]
            && storedWidth == width
            && storedRows != rows
            && Side(storedRows, grid.Prefix) is { } from
                ? new PositionResampling(from, grid.Height, rule)
                : null;
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
