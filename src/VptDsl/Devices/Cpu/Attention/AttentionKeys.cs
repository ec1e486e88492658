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
    /// Brings a head's keys, or values, together: <see cref="Panels"/> of [<see cref="MicroKernel.Rows"/>, head dimension].
    /// </summary>
    public readonly void GatherTokens(bool values, int image, int column, int headDim, float* panels)
    {
        for (int i = 0; i < Segments; i++)
        {
            var tokens = Operand(i, values, image, column);
            int rows = _segments[i].Rows;
            for (int row = 0; row < rows; row++)
            {
                new ReadOnlySpan<float>(tokens.Row(row), headDim).CopyTo(new Span<float>(panels + ((long)row * headDim), headDim));
            }

            panels += FloatsOf(i, headDim);
        }
    }

    /// <summary>
    /// products[key, lane] = the product of a gathered token and of a packed query, [<see cref="Rows"/>,
    /// <see cref="MicroKernel.Columns"/>]; the memory needs room for <see cref="MicroKernel.Rows"/> more rows. With each panel some rows
    /// are fetched for later.
    /// </summary>
    public readonly void Multiply(
        float* tokens, float* packedQueries, int queries, int headDim, float* products, ref RowPrefetch ahead)
    {
        for (int i = 0; i < Segments; i++)
        {
            int rows = _segments[i].Rows;
            for (int first = 0; first < rows; first += MicroKernel.Rows)
            {
                ahead.Next();

                // A tile's unwanted rows spill into the next segment's place, which is filled later.
                int wanted = Math.Min(MicroKernel.Rows, rows - first);
                float* tile = products + ((long)first * MicroKernel.Columns);
                var left = new LeftPanel(tokens, row: headDim, step: 1);
                MicroKernel.Run(wanted, queries, headDim, left, packedQueries, tile, accumulate: false);
                tokens += (long)headDim * MicroKernel.Rows;
            }

            products += (long)rows * MicroKernel.Columns;
        }
    }

    /// <summary>
    /// sums[column, lane] = the sum over gathered tokens of element and weight, [head dimension, <see cref="MicroKernel.Columns"/>]; the
    /// memory needs room for <see cref="MicroKernel.Rows"/> more rows.
    /// </summary>
    /// <param name="tokens">What <see cref="GatherTokens"/> left.</param>
    /// <param name="weights">[<see cref="Rows"/>, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="headDim">The head dimension.</param>
    /// <param name="sums">The sums.</param>
    public readonly void Weigh(float* tokens, float* weights, int queries, int headDim, float* sums)
    {
        for (int i = 0; i < Segments; i++)
        {
            int rows = _segments[i].Rows;
            for (int d = 0; d < headDim; d += MicroKernel.Rows)
            {
                var left = new LeftPanel(tokens + d, row: 1, step: headDim);
                float* tile = sums + ((long)d * MicroKernel.Columns);
                MicroKernel.Run(Math.Min(MicroKernel.Rows, headDim - d), queries, rows, left, weights, tile, accumulate: i > 0);
            }

            tokens += FloatsOf(i, headDim);
            weights += (long)rows * MicroKernel.Columns;
        }
    }

    /// <summary>Adds the keys and values of an image's head to what is fetched; those that all images share are near anyway.</summary>
    public readonly void AddTo(ref RowPrefetch ahead, int image, int column)
    {
        for (int i = 0; i < Segments; i++)
        {
            if (_segments[i].Keys.ImageStride != 0)
            {
                ahead.Add(Operand(i, values: false, image, column), _segments[i].Rows);
                ahead.Add(Operand(i, values: true, image, column), _segments[i].Rows);
            }
        }
    }

    // Floats of a segment's gathered tokens: whole panels.
    private readonly long FloatsOf(int segment, int headDim) =>
        (long)Cpu.Panels.Count(_segments[segment].Rows, MicroKernel.Rows) * MicroKernel.Rows * headDim;

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
