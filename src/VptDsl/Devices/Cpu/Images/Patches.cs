namespace VptDsl.Devices.Cpu;

/// <summary>Cuts images into patches, so that the patch embedding becomes a product.</summary>
internal static unsafe class Patches
{
    /// <summary>
    /// y[image, patchY * patches in a row + patchX, (channel * patch height + py) * patch width + px] = the pixel: the column order of a
    /// convolution weight [width, channels, patch height, patch width].
    /// </summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="channels">Colour channels.</param>
    /// <param name="size">In pixels, a multiple of <paramref name="patch"/>.</param>
    /// <param name="patch">The size of a patch in pixels.</param>
    /// <param name="image">The first image, [channels, height, width].</param>
    /// <param name="imageStride">Floats from an image to the next.</param>
    /// <param name="y">The patches, row by row of an image.</param>
    public static void Extract(
        CpuWorkers workers, int images, int channels, PlaneSize size, PlaneSize patch, float* image, long imageStride, in Matrix y) =>
        Run(workers, images, channels, size, patch, image, imageStride, y, isFold: false);

    /// <summary>Puts patches back into images: the inverse of <see cref="Extract"/>.</summary>
    public static void Fold(
        CpuWorkers workers, int images, int channels, PlaneSize size, PlaneSize patch, in Matrix y, float* image, long imageStride) =>
        Run(workers, images, channels, size, patch, image, imageStride, y, isFold: true);

    private static void Run(
        CpuWorkers workers, int images, int channels, PlaneSize size, PlaneSize patch, float* image, long imageStride, in Matrix y,
        bool isFold)
    {
        PlaneSize grid = size.Over(patch);
        var job = new Job
        {
            Channels = channels,
            Size = size,
            Patch = patch,
            Grid = grid,
            Image = image,
            ImageStride = imageStride,
            Patches = y,
            IsFold = isFold,
            Split = RowSplit.Of((long)images * grid.Height, channels * patch.Height * size.Width),
        };
        workers.Run(job.Split.Items, &MoveRows, &job);
    }

    // A row of the split is a row of patches of one image.
    private static void MoveRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        (int height, int width, int columns) = (job.Patch.Height, job.Patch.Width, job.Size.Width);
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long imageIndex = row / job.Grid.Height;
            long patchY = row - (imageIndex * job.Grid.Height);
            float* image = job.Image + (imageIndex * job.ImageStride);
            for (int patchX = 0; patchX < job.Grid.Width; patchX++)
            {
                float* inPatch = job.Patches.Row((row * job.Grid.Width) + patchX);
                for (int channel = 0; channel < job.Channels; channel++)
                {
                    float* inImage = image + ((((channel * (long)job.Size.Height) + (patchY * height)) * columns) + (patchX * width));
                    for (int py = 0; py < height; py++)
                    {
                        float* source = job.IsFold ? inPatch : inImage, destination = job.IsFold ? inImage : inPatch;
                        new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(destination, width));
                        inImage += columns;
                        inPatch += width;
                    }
                }
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Channels;
        public PlaneSize Size;
        public PlaneSize Patch;
        public PlaneSize Grid;
        public bool IsFold;
        public float* Image;
        public long ImageStride;
        public Matrix Patches;
    }
}
