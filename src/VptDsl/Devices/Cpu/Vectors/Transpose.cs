using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VptDsl.Devices.Cpu;

/// <summary>Transposes small blocks in registers.</summary>
internal static unsafe class Transpose
{
    /// <summary>
    /// The side of the largest block that this machine transposes in registers and that fits into <paramref name="width"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size(int width) => Avx.IsSupported && width >= 8 ? 8 : 4;

    /// <summary>destination[i, j] = rows[j][column + i] for a block of <paramref name="size"/> x <paramref name="size"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(int size, float** rows, long column, float* destination, long stride)
    {
        if (size == 8)
        {
            Block8(rows, column, destination, stride);
        }
        else
        {
            Block4(rows, column, destination, stride);
        }
    }

    /// <summary>destination[c, r] = source[r, c].</summary>
    /// <param name="source">The first element.</param>
    /// <param name="sourceStride">Floats from a row of the source to the next.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="destination">The first element.</param>
    /// <param name="destinationStride">Floats from a row of the destination to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, long sourceStride, int rows, int columns, float* destination, long destinationStride)
    {
        int size = Math.Min(Size(rows), Size(columns));
        float** block = stackalloc float*[8];
        int r = 0;
        for (; r <= rows - size; r += size)
        {
            for (int i = 0; i < size; i++)
            {
                block[i] = source + ((r + i) * sourceStride);
            }

            int c = 0;
            for (; c <= columns - size; c += size)
            {
                Block(size, block, c, destination + (c * destinationStride) + r, destinationStride);
            }

            for (; c < columns; c++)
            {
                for (int i = 0; i < size; i++)
                {
                    destination[(c * destinationStride) + r + i] = block[i][c];
                }
            }
        }

        for (; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                destination[(c * destinationStride) + r] = source[(r * sourceStride) + c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block8(float** rows, long column, float* destination, long stride)
    {
        var r0 = Vector256.Load(rows[0] + column);
        var r1 = Vector256.Load(rows[1] + column);
        var r2 = Vector256.Load(rows[2] + column);
        var r3 = Vector256.Load(rows[3] + column);
        var r4 = Vector256.Load(rows[4] + column);
        var r5 = Vector256.Load(rows[5] + column);
        var r6 = Vector256.Load(rows[6] + column);
        var r7 = Vector256.Load(rows[7] + column);

        // Pairs, then quadruples within each half, then the halves.
        var p0 = Avx.UnpackLow(r0, r1);
        var p1 = Avx.UnpackHigh(r0, r1);
        var p2 = Avx.UnpackLow(r2, r3);
        var p3 = Avx.UnpackHigh(r2, r3);
        var p4 = Avx.UnpackLow(r4, r5);
        var p5 = Avx.UnpackHigh(r4, r5);
        var p6 = Avx.UnpackLow(r6, r7);
        var p7 = Avx.UnpackHigh(r6, r7);
        var q0 = Avx.Shuffle(p0, p2, 0x44);
        var q1 = Avx.Shuffle(p0, p2, 0xEE);
        var q2 = Avx.Shuffle(p1, p3, 0x44);
        var q3 = Avx.Shuffle(p1, p3, 0xEE);
        var q4 = Avx.Shuffle(p4, p6, 0x44);
        var q5 = Avx.Shuffle(p4, p6, 0xEE);
        var q6 = Avx.Shuffle(p5, p7, 0x44);
        var q7 = Avx.Shuffle(p5, p7, 0xEE);
        Vector256.Store(Avx.Permute2x128(q0, q4, 0x20), destination);
        Vector256.Store(Avx.Permute2x128(q1, q5, 0x20), destination + stride);
        Vector256.Store(Avx.Permute2x128(q2, q6, 0x20), destination + (2 * stride));
        Vector256.Store(Avx.Permute2x128(q3, q7, 0x20), destination + (3 * stride));
        Vector256.Store(Avx.Permute2x128(q0, q4, 0x31), destination + (4 * stride));
        Vector256.Store(Avx.Permute2x128(q1, q5, 0x31), destination + (5 * stride));
        Vector256.Store(Avx.Permute2x128(q2, q6, 0x31), destination + (6 * stride));
        Vector256.Store(Avx.Permute2x128(q3, q7, 0x31), destination + (7 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(float** rows, long column, float* destination, long stride)
    {
        var r0 = Vector128.Load(rows[0] + column);
        var r1 = Vector128.Load(rows[1] + column);
        var r2 = Vector128.Load(rows[2] + column);
        var r3 = Vector128.Load(rows[3] + column);
        var p0 = ZipLow(r0, r2);
        var p1 = ZipHigh(r0, r2);
        var p2 = ZipLow(r1, r3);
        var p3 = ZipHigh(r1, r3);
        Vector128.Store(ZipLow(p0, p2), destination);
        Vector128.Store(ZipHigh(p0, p2), destination + stride);
        Vector128.Store(ZipLow(p1, p3), destination + (2 * stride));
        Vector128.Store(ZipHigh(p1, p3), destination + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);
}
