using System.Numerics;
using System.Runtime.CompilerServices;
using VptDsl.Common;

namespace VptDsl.Devices.Cpu;

/// <summary>Each two neighbouring floats of a row, rounded to bfloat16, as one float's bits; and back.</summary>
/// <remarks>Everything is whole numbers: what is packed may look like a signalling NaN, which arithmetic on floats would change.</remarks>
internal static unsafe class Pairs
{
    private const uint Infinity = 0x7f800000, WithoutSign = 0x7fffffff, UpperHalf = 0xffff0000;

    /// <summary>Packs rows.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">The rows of all images.</param>
    /// <param name="pairs">The columns of what is packed: half as many as the floats have.</param>
    /// <param name="x">The floats.</param>
    /// <param name="packed">Takes the pairs, the first float of each in the lower half. It shares no memory with the floats.</param>
    public static void Pack(CpuWorkers workers, long rows, int pairs, in Matrix x, in Matrix packed)
    {
        var job = new Job { Split = RowSplit.Of(rows, 2 * pairs), Pairs = pairs, Floats = x, Packed = packed };
        workers.Run(job.Split.Items, &PackRows, &job);
    }

    /// <summary>Unpacks rows.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="rows">The rows of all images.</param>
    /// <param name="pairs">The columns of what is packed.</param>
    /// <param name="packed">The pairs.</param>
    /// <param name="x">Takes the floats, twice as many columns.</param>
    public static void Unpack(CpuWorkers workers, long rows, int pairs, in Matrix packed, in Matrix x)
    {
        var job = new Job { Split = RowSplit.Of(rows, 2 * pairs), Pairs = pairs, Floats = x, Packed = packed };
        workers.Run(job.Split.Items, &UnpackRows, &job);
    }

    /// <summary>Unpacks numbers of bfloat16 that follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ushort* source, long count, float* destination)
    {
        uint* bits = (uint*)destination;
        long i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.Load(source + i), out Vector<uint> first, out Vector<uint> second);
            Vector.Store(Vector.ShiftLeft(first, 16), bits + i);
            Vector.Store(Vector.ShiftLeft(second, 16), bits + i + Lanes.Width);
        }

        for (; i < count; i++)
        {
            bits[i] = (uint)source[i] << 16;
        }
    }

    /// <summary>Takes the upper halves of floats, which are all that there is of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TakeUpperHalves(float* source, long count, ushort* destination)
    {
        uint* bits = (uint*)source;
        long i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> first = Vector.ShiftRightLogical(Vector.Load(bits + i), 16);
            Vector<uint> second = Vector.ShiftRightLogical(Vector.Load(bits + i + Lanes.Width), 16);
            Vector.Store(Vector.Narrow(first, second), destination + i);
        }

        for (; i < count; i++)
        {
            destination[i] = (ushort)(bits[i] >> 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            uint* x = (uint*)job.Floats.Row(row), packed = (uint*)job.Packed.Row(row);
            int pair = 0;
            for (; pair <= job.Pairs - Lanes.Width; pair += Lanes.Width)
            {
                Vector<ulong> first = Join(Vector.Load(x + (2 * pair))), second = Join(Vector.Load(x + (2 * pair) + Lanes.Width));
                Vector.Store(Vector.Narrow(first, second), packed + pair);
            }

            for (; pair < job.Pairs; pair++)
            {
                packed[pair] = (BFloat16Pairs.Round(x[2 * pair]) >> 16) | BFloat16Pairs.Round(x[(2 * pair) + 1]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            uint* x = (uint*)job.Floats.Row(row), packed = (uint*)job.Packed.Row(row);
            int pair = 0;
            for (; pair <= job.Pairs - Lanes.Width; pair += Lanes.Width)
            {
                Vector.Widen(Vector.Load(packed + pair), out Vector<ulong> first, out Vector<ulong> second);
                Vector.Store(Part(first), x + (2 * pair));
                Vector.Store(Part(second), x + (2 * pair) + Lanes.Width);
            }

            for (; pair < job.Pairs; pair++)
            {
                (x[2 * pair], x[(2 * pair) + 1]) = (packed[pair] << 16, packed[pair] & UpperHalf);
            }
        }
    }

    /// <summary>Pairs of floats as numbers of twice the bits, of which the lower half has both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> Join(Vector<uint> floats)
    {
        Vector<uint> isNan = Vector.GreaterThan(floats & Vector.Create(WithoutSign), Vector.Create(Infinity));
        Vector<uint> even = Vector.ShiftRightLogical(floats, 16) & Vector<uint>.One;
        Vector<uint> rounded = (floats + Vector.Create(0x7fffu) + even) & Vector.Create(UpperHalf);
        Vector<ulong> pairs = Vector.AsVectorUInt64(Vector.ConditionalSelect(isNan, Vector.Create(0x7fff0000u), rounded));
        return (Vector.ShiftRightLogical(pairs, 16) & Vector.Create(0xfffful)) | Vector.ShiftRightLogical(pairs, 32);
    }

    /// <summary>The floats of pairs, each pair in a number of twice the bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Part(Vector<ulong> pairs) => Vector.AsVectorUInt32(
        (Vector.ShiftLeft(pairs, 16) & Vector.Create((ulong)UpperHalf)) | Vector.ShiftLeft(pairs & Vector.Create((ulong)UpperHalf), 32));

    private struct Job
    {
        public RowSplit Split;
        public int Pairs;
        public Matrix Floats;
        public Matrix Packed;
    }
}
