using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Sums over rows or over images, in an order that depends on the size alone.</summary>
internal static unsafe class Sums
{
    // Enough for a many-core machine, few enough for the partial sums to stay small.
    private const int MostParts = 32;

    /// <summary>c[r] = sum over images of a[image, r]; c has <paramref name="rowsPerImage"/> rows and may be a's first image.</summary>
    public static void OverImages(CpuWorkers workers, int images, int rowsPerImage, int columns, in Matrix a, in Matrix c)
    {
        var job = new ImagesJob
        {
            Split = RowSplit.Of(rowsPerImage, columns * images),
            Images = images,
            Columns = columns,
            Input = a,
            Output = c,
        };
        workers.Run(job.Split.Items, &SumImages, &job);
    }

    /// <summary>c[column] = sum over all rows of a[r, column].</summary>
    public static void OverRows(CpuWorkers workers, long rows, int columns, in Matrix a, float* c)
    {
        var split = RowSplit.Of(rows, columns, MostParts);
        var job = new RowsJob { Split = split, Columns = columns, Input = a, Parts = c };
        if (split.Items > 1)
        {
            job.Parts = workers.Shared((long)split.Items * columns);
        }

        workers.Run(split.Items, &SumRows, &job);
        if (split.Items > 1)
        {
            AddParts(job.Parts, split.Items, columns, columns, c);
        }
    }

    /// <summary>c = the sum of <paramref name="parts"/> rows, first to last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddParts(float* source, int parts, long stride, int columns, float* c)
    {
        int column = 0;
        for (; column <= columns - Lanes.Width; column += Lanes.Width)
        {
            var sum = Vector.Load(source + column);
            for (int part = 1; part < parts; part++)
            {
                sum += Vector.Load(source + (part * stride) + column);
            }

            Vector.Store(sum, c + column);
        }

        for (; column < columns; column++)
        {
            float sum = source[column];
            for (int part = 1; part < parts; part++)
            {
                sum += source[(part * stride) + column];
            }

            c[column] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumImages(void* context, int item)
    {
        ref var job = ref *(ImagesJob*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            AddParts(job.Input.Row(row), job.Images, job.Input.ImageStride, job.Columns, job.Output.Row(row));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(void* context, int item)
    {
        ref var job = ref *(RowsJob*)context;
        float* sums = job.Parts + ((long)item * job.Columns);
        long row = job.Split.First(item);
        long end = job.Split.End(item);
        new ReadOnlySpan<float>(job.Input.Row(row), job.Columns).CopyTo(new Span<float>(sums, job.Columns));
        for (row++; row < end; row++)
        {
            float* source = job.Input.Row(row);
            int c = 0;
            for (; c <= job.Columns - Lanes.Width; c += Lanes.Width)
            {
                Vector.Store(Vector.Load(sums + c) + Vector.Load(source + c), sums + c);
            }

            for (; c < job.Columns; c++)
            {
                sums[c] += source[c];
            }
        }
    }

    private struct ImagesJob
    {
        public RowSplit Split;
        public int Images;
        public int Columns;
        public Matrix Input;
        public Matrix Output;
    }

    private struct RowsJob
    {
        public RowSplit Split;
        public int Columns;
        public Matrix Input;
        public float* Parts;
    }
}
