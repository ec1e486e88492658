using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace VptDsl.Devices.Cpu;

/// <summary>What happens to a tile of a product once its sums are complete.</summary>
internal static unsafe class ProductEpilogue
{
    /// <summary>
    /// The routine that takes some rows of a tile through a call's epilogue and into C: its function is compiled into it.
    /// </summary>
    public static nint RoutineOf(in ProductCall call) => call.Activation is { } kind
        ? ActivationFunctions.Use<Choice, nint>(kind, new(call.Gate.IsPresent))
        : AddressOf<Identity>();

    /// <summary>Takes a tile through the call's epilogue and into C.</summary>
    /// <param name="call">The product.</param>
    /// <param name="routine">The <see cref="RoutineOf">routine</see> of the call.</param>
    /// <param name="tile">[<paramref name="rows"/>, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="column">Its first column in C.</param>
    /// <param name="columns">Its columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(in ProductCall call, nint routine, float* tile, long row, int rows, int column, int columns)
    {
        var store = (delegate*<in ProductCall, float*, int, int, int, in RowCursor, in RowCursor, in RowCursor, in RowCursor, void>)routine;
        var c = new RowCursor(call.C, row);
        var pre = new RowCursor(call.Pre, row);
        var gate = new RowCursor(call.Gate, row);
        var residual = new RowCursor(call.Residual, row);
        while (rows > 0)
        {
            // As many rows as lie in one image of every operand.
            int run = Math.Min(Math.Min(rows, c.Left), Math.Min(Math.Min(pre.Left, gate.Left), residual.Left));
            store(call, tile, run, column, columns, c, pre, gate, residual);
            tile += (long)run * MicroKernel.Columns;
            rows -= run;
            c.Skip(run);
            pre.Skip(run);
            gate.Skip(run);
            residual.Skip(run);
        }
    }

    /// <summary>
    /// Asks for what a tile's epilogue will read: its rows lie so far apart that the processor foresees none of them, and a tile's
    /// sums take longer than memory does.
    /// </summary>
    public static void Prefetch(in ProductCall call, long row, int rows, int column)
    {
        if (Sse.IsSupported)
        {
            Prefetch(call.Gate, row, rows, column);
            Prefetch(call.Residual, row, rows, column);
        }
    }

    private static void Prefetch(in Matrix matrix, long row, int rows, int column)
    {
        const int line = CpuMemory.Alignment / sizeof(float);
        if (!matrix.IsPresent)
        {
            return;
        }

        var cursor = new RowCursor(matrix, row);
        for (; rows > 0; rows--)
        {
            for (int i = 0; i < MicroKernel.Columns; i += line)
            {
                Sse.Prefetch0(cursor.Row + column + i);
            }

            if (rows > 1)
            {
                cursor.MoveNext();
            }
        }
    }

    private static nint AddressOf<TActivation>()
        where TActivation : struct, IActivation
    {
        delegate*<in ProductCall, float*, int, int, int, in RowCursor, in RowCursor, in RowCursor, in RowCursor, void> routine =
            &StoreRun<TActivation>;
        return (nint)routine;
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

    private readonly struct ValueOf<TFunction> : IActivation
        where TFunction : struct, IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> value, float* gate, int count) => TFunction.Value(value);
    }

    private readonly struct GradientOf<TFunction> : IActivation
        where TFunction : struct, IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Apply(Vector<float> value, float* gate, int count) =>
            value * TFunction.Derivative(Lanes.Load(gate, count));
    }

    private readonly struct Choice(bool hasGate) : IActivationUse<nint>
    {
        public nint With<TFunction>()
            where TFunction : struct, IActivationFunction => hasGate ? AddressOf<GradientOf<TFunction>>() : AddressOf<ValueOf<TFunction>>();
    }
}
