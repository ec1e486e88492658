using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>What happens to a tile of a product once its sums are complete.</summary>
internal static unsafe class ProductEpilogue
{
    /// <summary>Takes a tile through the call's epilogue and into C.</summary>
    /// <param name="call">The product.</param>
    /// <param name="tile">[<paramref name="rows"/>, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="column">Its first column in C.</param>
    /// <param name="columns">Its columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(in ProductCall call, float* tile, long row, int rows, int column, int columns)
    {
        var c = new RowCursor(call.C, row);
        var pre = new RowCursor(call.Pre, row);
        var gate = new RowCursor(call.Gate, row);
        var residual = new RowCursor(call.Residual, row);
        while (rows > 0)
        {
            // As many rows as lie in one image of every operand.
            int run = Math.Min(Math.Min(rows, c.Left), Math.Min(Math.Min(pre.Left, gate.Left), residual.Left));
            if (call.Gelu)
            {
                StoreRun<Gelu>(call, tile, run, column, columns, c, pre, gate, residual);
            }
            else if (call.Gate.IsPresent)
            {
                StoreRun<Gate>(call, tile, run, column, columns, c, pre, gate, residual);
            }
            else
            {
                StoreRun<Identity>(call, tile, run, column, columns, c, pre, gate, residual);
            }

            tile += (long)run * MicroKernel.Columns;
            rows -= run;
            c.Skip(run);
            pre.Skip(run);
            gate.Skip(run);
            residual.Skip(run);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreRun<TActivation>(
        in ProductCall call,
        float* tile,
        int rows,
        int column,
        int columns,
        in RowCursor c,
        in RowCursor pre,
        in RowCursor gate,
        in RowCursor residual)
        where TActivation : struct, IActivation
    {
        float* bias = call.Bias;
        float* cRow = c.Row;
        float* preRow = pre.Row;
        float* gateRow = gate.Row;
        float* residualRow = residual.Row;
        long cStride = c.Stride;
        long preStride = pre.Stride;
        long gateStride = gate.Stride;
        long residualStride = residual.Stride;
        for (; rows > 0; rows--)
        {
            int i = 0;
            for (; i <= columns - Lanes.Width; i += Lanes.Width)
            {
                StoreLanes<TActivation>(tile + i, column + i, Lanes.Width, bias, preRow, gateRow, residualRow, cRow);
            }

            if (i < columns)
            {
                StoreLanes<TActivation>(tile + i, column + i, columns - i, bias, preRow, gateRow, residualRow, cRow);
            }

            tile += MicroKernel.Columns;
            cRow += cStride;
            preRow += preStride;
            gateRow += gateStride;
            residualRow += residualStride;
        }
    }

    // Inlined twice, so that whole vectors are not asked again and again whether they are whole.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<TActivation>(
        float* tile, int n, int count, float* bias, float* pre, float* gate, float* residual, float* c)
        where TActivation : struct, IActivation
    {
        var value = Vector.Load(tile);
        if (bias != null)
        {
            value += Lanes.Load(bias + n, count);
        }

        if (pre != null)
        {
            Lanes.Store(value, pre + n, count);
        }

        value = TActivation.Apply(value, gate + n, count);
        if (residual != null)
        {
            value += Lanes.Load(residual + n, count);
        }

        Lanes.Store(value, c + n, count);
    }

    // Types, not flags: each epilogue's loop then sets up the constants of its own function only.
    private interface IActivation
    {
        public static abstract Vector<float> Apply(Vector<float> value, float* gate, int count);
    }

    private readonly struct Identity : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> value, float* gate, int count) => value;
    }

    private readonly struct Gelu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> value, float* gate, int count) => VectorMath.Gelu(value);
    }

    private readonly struct Gate : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> value, float* gate, int count) =>
            value * VectorMath.GeluDerivative(Lanes.Load(gate, count));
    }
}
