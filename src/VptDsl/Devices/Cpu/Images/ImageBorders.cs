using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Puts borders that all images share around images, and takes gradients of images and borders apart.</summary>
/// <remarks>
/// Images are [channels * height, width]. A border of p pixels has, for each channel, p rows above and p below, width + 2p wide, and for
/// each row p pixels left and p right.
/// </remarks>
internal static unsafe class ImageBorders
{
    /// <summary>padded = the images with the borders around them.</summary>
    public static void Add(
        CpuWorkers workers, int images, int channels, PlaneSize size, int pixels, in Matrix image, in Matrix topBottom, in Matrix leftRight,
        in Matrix padded)
    {
        PlaneSize bordered = size.Bordered(pixels);
        var job = new Job
        {
            Split = RowSplit.Of((long)images * channels * bordered.Height, bordered.Width),
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
    public static void Remove(CpuWorkers workers, int images, int channels, PlaneSize size, int pixels, in Matrix padded, in Matrix image)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * channels * size.Height, size.Width),
            Size = size,
            Pixels = pixels,
            Image = image,
            Padded = padded,
        };
        workers.Run(job.Split.Items, &CopyInner, &job);
    }

    /// <summary>The gradient of the rows above and below, summed over the images.</summary>
    public static void SumTopBottom(
        CpuWorkers workers, int images, int channels, PlaneSize size, int pixels, in Matrix padded, in Matrix topBottom)
    {
        var job = new Job
        {
            Split = RowSplit.Of(channels * 2L * pixels, images * size.Bordered(pixels).Width),
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
        CpuWorkers workers, int images, int channels, PlaneSize size, int pixels, in Matrix padded, in Matrix leftRight)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)channels * size.Height, images * 2 * pixels),
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
        int height = job.Size.Height, width = job.Size.Width, pixels = job.Pixels;
        int rows = height + (2 * pixels), rowsPerImage = job.Padded.RowsPerImage;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / rowsPerImage;
            int inImage = (int)(row - (image * rowsPerImage)), channel = inImage / rows, y = inImage - (channel * rows);
            float* padded = job.Padded.Row(row);
            if (y < pixels || y >= pixels + height)
            {
                int line = y < pixels ? y : y - height;
                Copy(job.TopBottom.Row((channel * 2 * pixels) + line), padded, width + (2 * pixels));
                continue;
            }

            int imageRow = (channel * height) + y - pixels;
            float* border = job.LeftRight.Row(imageRow);
            Copy(border, padded, pixels);
            Copy(job.Image.Image(image) + (imageRow * job.Image.RowStride), padded + pixels, width);
            Copy(border + pixels, padded + pixels + width, pixels);
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
            Copy(job.PaddedRow(image, (int)(row - (image * rowsPerImage))) + job.Pixels, job.Image.Row(row), job.Size.Width);
        }
    }

    private static void SumOuterRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int pixels = job.Pixels;
        PlaneSize bordered = job.Size.Bordered(pixels);
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            int channel = (int)(row / (2 * pixels)), line = (int)(row - (channel * 2L * pixels));
            int paddedRow = (channel * bordered.Height) + line + (line < pixels ? 0 : job.Size.Height);
            SumImages(
                job.Padded.Data + (paddedRow * job.Padded.RowStride), job.Padded.ImageStride, job.Images, bordered.Width,
                job.TopBottom.Row(row));
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
            SumImages(padded + job.Pixels + job.Size.Width, job.Padded.ImageStride, job.Images, job.Pixels, border + job.Pixels);
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
        public PlaneSize Size;
        public int Pixels;
        public Matrix Image;
        public Matrix TopBottom;
        public Matrix LeftRight;
        public Matrix Padded;

        /// <summary>The padded row that holds a row of an image.</summary>
        public readonly float* PaddedRow(long image, int imageRow)
        {
            int channel = imageRow / Size.Height, y = imageRow - (channel * Size.Height);
            return Padded.Image(image) + (((channel * (Size.Height + (2L * Pixels))) + Pixels + y) * Padded.RowStride);
        }
    }
}
