namespace VptDsl.Devices.Cpu;

/// <summary>Cuts images into patches, so that the patch embedding becomes a product.</summary>
internal static unsafe class Patches
{
    /// <summary>
    /// y[image, patchY * (size / patch) + patchX, (channel * patch + py) * patch + px] = the pixel: the column order of a convolution
    /// weight [width, channels, patch, patch].
    /// </summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="channels">Colour channels.</param>
    /// <param name="size">Height and width in pixels, a multiple of <paramref name="patch"/>.</param>
    /// <param name="patch">Height and width of a patch in pixels.</param>
    /// <param name="image">The first image, [channels, size, size].</param>
    /// <param name="imageStride">Floats from an image to the next.</param>
    /// <param name="y">The patches; (size / patch)² rows an image.</param>
    public static void Extract(
        CpuWorkers workers, int images, int channels, int size, int patch, float* image, long imageStride, in Matrix y) =>
        Run(workers, images, channels, size, patch, image, imageStride, y, isFold: false);

    /// <summary>Puts patches back into images: the inverse of <see cref="Extract"/>.</summary>
    public static void Fold(
        CpuWorkers workers, int images, int channels, int size, int patch, in Matrix y, float* image, long imageStride) =>
        Run(workers, images, channels, size, patch, image, imageStride, y, isFold: true);

    private static void Run(
        CpuWorkers workers, int images, int channels, int size, int patch, float* image, long imageStride, in Matrix y, bool isFold)
    {
        int grid = size / patch;
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
            Split = RowSplit.Of((long)images * grid, channels * patch * size),
        };
        workers.Run(job.Split.Items, &MoveRows, &job);
    }

    // A row of the split is a row of patches of one image.
    private static void MoveRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int patch = job.Patch;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long imageIndex = row / job.Grid;
            long patchY = row - (imageIndex * job.Grid);
            float* image = job.Image + (imageIndex * job.ImageStride);
            for (int patchX = 0; patchX < job.Grid; patchX++)
            {
                float* inPatch = job.Patches.Row((row * job.Grid) + patchX);
                for (int channel = 0; channel < job.Channels; channel++)
                {
                    float* inImage = image + ((((channel * (long)job.Size) + (patchY * patch)) * job.Size) + (patchX * patch));
                    for (int py = 0; py < patch; py++)
                    {
                        float* source = job.IsFold ? inPatch : inImage, destination = job.IsFold ? inImage : inPatch;
                        new ReadOnlySpan<float>(source, patch).CopyTo(new Span<float>(destination, patch));
                        inImage += job.Size;
                        inPatch += patch;
                    }
                }
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Channels;
        public int Size;
        public int Patch;
        public int Grid;
        public bool IsFold;
        public float* Image;
        public long ImageStride;
        public Matrix Patches;
    }
}
