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
        float* bias = call.Bias;
        bool gelu = call.Gelu;
        for (; rows > 0; rows--)
        {
            for (int i = 0; i < columns; i += Lanes.Width)
            {
                int n = column + i;
                int count = Math.Min(Lanes.Width, columns - i);
                var value = Vector.Load(tile + i);
                if (bias != null)
                {
                    value += Lanes.Load(bias + n, count);
                }

                if (pre.Row != null)
                {
                    Lanes.Store(value, pre.Row + n, count);
                }

                if (gelu)
                {
                    value = VectorMath.Gelu(value);
                }

                if (gate.Row != null)
                {
                    value *= VectorMath.GeluDerivative(Lanes.Load(gate.Row + n, count));
                }

                if (residual.Row != null)
                {
                    value += Lanes.Load(residual.Row + n, count);
                }

                Lanes.Store(value, c.Row + n, count);
            }

            tile += MicroKernel.Columns;
            c.MoveNext();
            pre.MoveNext();
            gate.MoveNext();
            residual.MoveNext();
        }
    }
}
