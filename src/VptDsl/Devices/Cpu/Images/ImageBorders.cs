using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Puts borders that all images share around images, and takes gradients of images and borders apart.</summary>
/// <remarks>
/// Images are [channels * size, size]. A border of p pixels has, for each channel, p rows above and p below, size + 2p wide, and for
/// each row p pixels left and p right.
/// </remarks>
internal static unsafe class ImageBorders
{
    /// <summary>padded = the images with the borders around them.</summary>
    public static void Add(
        CpuWorkers workers, int images, int channels, int size, int pixels, in Matrix image, in Matrix topBottom, in Matrix leftRight,
        in Matrix padded)
    {
        int side = size + (2 * pixels);
        var job = new Job
        {
            Split = RowSplit.Of((long)images * channels * side, side),
            Size = size,
            Pixels = pixels,
            Image = image,
            TopBottom = topBottom,
            LeftRight = leftRight,
            Padded = padded,
        };
        workers.Run(job.Split.Items, &AddToRows, &job);
    }

    /// <summary>The images' part of the gradient of the padded images.</summary>
    public static void Remove(CpuWorkers workers, int images, int channels, int size, int pixels, in Matrix padded, in Matrix image)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * channels * size, size),
            Size = size,
            Pixels = pixels,
            Image = image,
            Padded = padded,
        };
        workers.Run(job.Split.Items, &CopyInner, &job);
    }

    /// <summary>The gradient of the rows above and below, summed over the images.</summary>
    public static void SumTopBottom(
        CpuWorkers workers, int images, int channels, int size, int pixels, in Matrix padded, in Matrix topBottom)
    {
        var job = new Job
        {
            Split = RowSplit.Of(channels * 2L * pixels, images * (size + (2 * pixels))),
            Images = images,
            Size = size,
            Pixels = pixels,
            TopBottom = topBottom,
            Padded = padded,
        };
        workers.Run(job.Split.Items, &SumOuterRows, &job);
    }

    /// <summary>The gradient of the pixels left and right, summed over the images.</summary>
    public static void SumLeftRight(
        CpuWorkers workers, int images, int channels, int size, int pixels, in Matrix padded, in Matrix leftRight)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)channels * size, images * 2 * pixels),
            Images = images,
            Size = size,
            Pixels = pixels,
            LeftRight = leftRight,
            Padded = padded,
        };
        workers.Run(job.Split.Items, &SumOuterColumns, &job);
    }

    private static void AddToRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int size = job.Size, pixels = job.Pixels, side = size + (2 * pixels), rowsPerImage = job.Padded.RowsPerImage;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / rowsPerImage;
            int inImage = (int)(row - (image * rowsPerImage)), channel = inImage / side, y = inImage - (channel * side);
            float* padded = job.Padded.Row(row);
            if (y < pixels || y >= pixels + size)
            {
                int line = y < pixels ? y : y - size;
                Copy(job.TopBottom.Row((channel * 2 * pixels) + line), padded, side);
                continue;
            }

            int imageRow = (channel * size) + y - pixels;
            float* border = job.LeftRight.Row(imageRow);
            Copy(border, padded, pixels);
            Copy(job.Image.Image(image) + (imageRow * job.Image.RowStride), padded + pixels, size);
            Copy(border + pixels, padded + pixels + size, pixels);
        }
    }

    private static void CopyInner(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int rowsPerImage = job.Image.RowsPerImage;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / rowsPerImage;
            Copy(job.PaddedRow(image, (int)(row - (image * rowsPerImage))) + job.Pixels, job.Image.Row(row), job.Size);
        }
    }

    private static void SumOuterRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int pixels = job.Pixels, side = job.Size + (2 * pixels);
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            int channel = (int)(row / (2 * pixels)), line = (int)(row - (channel * 2L * pixels));
            int paddedRow = (channel * side) + line + (line < pixels ? 0 : job.Size);
            SumImages(
                job.Padded.Data + (paddedRow * job.Padded.RowStride), job.Padded.ImageStride, job.Images, side, job.TopBottom.Row(row));
        }
    }

    private static void SumOuterColumns(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* padded = job.PaddedRow(0, (int)row), border = job.LeftRight.Row(row);
            SumImages(padded, job.Padded.ImageStride, job.Images, job.Pixels, border);
            SumImages(padded + job.Pixels + job.Size, job.Padded.ImageStride, job.Images, job.Pixels, border + job.Pixels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumImages(float* source, long imageStride, int images, int columns, float* sums)
    {
        for (int column = 0; column < columns; column += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, columns - column);
            var sum = Vector<float>.Zero;
            for (int image = 0; image < images; image++)
            {
                sum += Lanes.Load(source + (image * imageStride) + column, lanes);
            }

            Lanes.Store(sum, sums + column, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* destination, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));

    private struct Job
    {
        public RowSplit Split;
        public int Images;
        public int Size;
        public int Pixels;
        public Matrix Image;
        public Matrix TopBottom;
        public Matrix LeftRight;
        public Matrix Padded;

        /// <summary>The padded row that holds a row of an image.</summary>
        public readonly float* PaddedRow(long image, int imageRow)
        {
            int channel = imageRow / Size, y = imageRow - (channel * Size);
            return Padded.Image(image) + (((channel * (Size + (2L * Pixels))) + Pixels + y) * Padded.RowStride);
        }
    }
}
