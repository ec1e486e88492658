using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>The keys and values that attention reads: the tokens of up to four segments, one after the other.</summary>
/// <remarks>
/// Scores are computed transposed, keys by queries. A micro-kernel's tile then has a query in each column, softmax runs along
/// vectors' lanes without reductions inside a vector, and the scores of a panel of queries are, as they lie, the packed right operand
/// of the product with the values.
/// </remarks>
internal unsafe struct AttentionKeys
{
    private SegmentList _segments;

    /// <summary>Takes over a call's segments, or those of them that <paramref name="wanted"/> names by bit.</summary>
    public AttentionKeys(ReadOnlySpan<AttentionSegment> segments, int wanted = ~0)
    {
        if (segments.Length is 0 or > AttentionCall.MostSegments)
        {
            throw new ArgumentException(
                $"Attention reads 1 to {AttentionCall.MostSegments} segments of tokens, not {segments.Length}; join neighbouring ones.");
        }

        for (int i = 0; i < segments.Length; i++)
        {
            if ((wanted & (1 << i)) != 0)
            {
                _segments[Segments++] = segments[i];
                Rows += segments[i].Rows;
                Panels += Cpu.Panels.Count(segments[i].Rows, MicroKernel.Rows);
            }
        }
    }

    /// <summary>The number of segments.</summary>
    public int Segments { get; }

    /// <summary>Keys of an image, over all segments.</summary>
    public int Rows { get; }

    /// <summary>Panels of keys; each segment starts a new one.</summary>
    public int Panels { get; }

    /// <summary>A segment.</summary>
    [UnscopedRef]
    public readonly ref readonly AttentionSegment this[int index] => ref _segments[index];

    /// <summary>
    /// Packs a head's keys, or values, with a token in each lane: panels of [head dimension, <see cref="MicroKernel.Rows"/>].
    /// </summary>
    public readonly void PackTokens(bool values, int image, int column, int headDim, float* panels)
    {
        for (int i = 0; i < Segments; i++)
        {
            var tokens = Operand(i, values, image, column);
            int rows = _segments[i].Rows;
            for (int first = 0; first < rows; first += MicroKernel.Rows)
            {
                Cpu.Panels.FromRows(tokens, first, rows - first, 0, headDim, MicroKernel.Rows, panels);
                panels += (long)headDim * MicroKernel.Rows;
            }
        }
    }

    /// <summary>
    /// Packs a head's keys, or values, with a column in each lane: panels of [<see cref="Rows"/>, <see cref="MicroKernel.Rows"/>].
    /// </summary>
    public readonly void PackColumns(bool values, int image, int column, int headDim, float* panels)
    {
        long stride = (long)Rows * MicroKernel.Rows;
        for (int i = 0; i < Segments; i++)
        {
            int rows = _segments[i].Rows;
            Cpu.Panels.FromColumns(Operand(i, values, image, column), 0, headDim, 0, rows, MicroKernel.Rows, panels, stride);
            panels += (long)rows * MicroKernel.Rows;
        }
    }

    /// <summary>
    /// products[key, lane] = the product of a packed token and of a packed query, [<see cref="Rows"/>, <see cref="MicroKernel.Columns"/>];
    /// the memory needs room for <see cref="MicroKernel.Rows"/> more rows.
    /// </summary>
    public readonly void Multiply(float* packedTokens, float* packedQueries, int headDim, float* products)
    {
        for (int i = 0; i < Segments; i++)
        {
            int rows = _segments[i].Rows;
            for (int first = 0; first < rows; first += MicroKernel.Rows)
            {
                // A tile's unwanted rows spill into the next segment's place, which is filled later.
                int wanted = Math.Min(MicroKernel.Rows, rows - first);
                float* tile = products + ((long)first * MicroKernel.Columns);
                MicroKernel.Run(wanted, headDim, LeftPanel.Packed(packedTokens), packedQueries, tile, accumulate: false);
                packedTokens += (long)headDim * MicroKernel.Rows;
            }

            products += (long)rows * MicroKernel.Columns;
        }
    }

    private readonly Matrix Operand(int segment, bool values, int image, int column)
    {
        ref readonly var s = ref _segments[segment];
        return (values ? s.Values : s.Keys).RowsOf(image, column);
    }

    [InlineArray(AttentionCall.MostSegments)]
    private struct SegmentList
    {
        private AttentionSegment _first;
    }
}
