using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Patches over maps of pixels, whose rows are pixels, line by line, and whose columns are channels.</summary>
internal static unsafe class SlidingPatches
{
    /// <summary>patches[patch, tap * channels + channel] = the pixel that the tap falls on, 0 outside the map.</summary>
    public static void Extract(CpuWorkers workers, int images, in SlidingPatch grid, int channels, in Matrix map, in Matrix patches)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * grid.Side, grid.Side * grid.Taps * channels),
            Grid = grid,
            Channels = channels,
            Map = map,
            Patches = patches,
        };
        workers.Run(job.Split.Items, &ExtractLines, &job);
    }

    /// <summary>map[pixel, channel] = the sum over the taps of patches that fall on the pixel.</summary>
    public static void Fold(CpuWorkers workers, int images, in SlidingPatch grid, int channels, in Matrix patches, in Matrix map)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * grid.Size, grid.Size * grid.Taps * channels / (grid.Stride * grid.Stride)),
            Grid = grid,
            Channels = channels,
            Map = map,
            Patches = patches,
        };
        workers.Run(job.Split.Items, &FoldLines, &job);
    }

    /// <summary>flipped[input, (taps - 1 - tap) * outputs + output] = weight[output, tap * inputs + input].</summary>
    public static void Flip(CpuWorkers workers, int taps, int inputs, int outputs, in Matrix weight, in Matrix flipped)
    {
        var job = new FlipJob
        {
            Split = RowSplit.Of(inputs, taps * outputs),
            Taps = taps,
            Inputs = inputs,
            Outputs = outputs,
            Weight = weight,
            Flipped = flipped,
        };
        workers.Run(job.Split.Items, &FlipRows, &job);
    }

    private static void FlipRows(void* context, int item)
    {
        ref var job = ref *(FlipJob*)context;
        long first = job.Split.First(item);
        int count = (int)(job.Split.End(item) - first);
        float* weight = job.Weight.Image(0) + first, flipped = job.Flipped.Image(0) + (first * job.Flipped.RowStride);
        for (int tap = job.Taps - 1; tap >= 0; tap--)
        {
            Transpose.Copy(weight + (tap * (long)job.Inputs), job.Weight.RowStride, job.Outputs, count, flipped, job.Flipped.RowStride);
            flipped += job.Outputs;
        }
    }

    // A row of the split is a line of patches of one image.
    private static void ExtractLines(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var grid = job.Grid;
        int channels = job.Channels, side = grid.Side;
        bool pixelsAreAdjacent = job.Map.RowStride == channels;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / side;
            int patchY = (int)(row - (image * side));
            float* map = job.Map.Image(image);
            for (int patchX = 0; patchX < side; patchX++)
            {
                float* patch = job.Patches.Image(image) + (((patchY * (long)side) + patchX) * job.Patches.RowStride);
                int firstTap = grid.FirstTap(patchX), endTap = Math.Max(firstTap, grid.EndTap(patchX));
                for (int line = 0; line < grid.Kernel; line++)
                {
                    int y = grid.PixelOf(patchY, line);
                    float* taps = patch + (line * grid.Kernel * channels);
                    if (y < 0 || y >= grid.Size)
                    {
                        new Span<float>(taps, grid.Kernel * channels).Clear();
                        continue;
                    }

                    new Span<float>(taps, firstTap * channels).Clear();
                    float* source = map + (((y * (long)grid.Size) + grid.PixelOf(patchX, firstTap)) * job.Map.RowStride);
                    if (pixelsAreAdjacent)
                    {
                        Copy(source, taps + (firstTap * channels), (endTap - firstTap) * channels);
                    }
                    else
                    {
                        for (int tap = firstTap; tap < endTap; tap++)
                        {
                            Copy(source, taps + (tap * channels), channels);
                            source += job.Map.RowStride;
                        }
                    }

                    new Span<float>(taps + (endTap * channels), (grid.Kernel - endTap) * channels).Clear();
                }
            }
        }
    }

    // A row of the split is a line of pixels of one image.
    private static void FoldLines(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var grid = job.Grid;
        int channels = job.Channels;
        float** taps = stackalloc float*[grid.Taps];
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / grid.Size;
            int y = (int)(row - (image * grid.Size));
            for (int x = 0; x < grid.Size; x++)
            {
                int count = 0;
                for (int line = 0; line < grid.Kernel; line++)
                {
                    int patchY = grid.PatchOf(y, line);
                    for (int tap = 0; patchY >= 0 && tap < grid.Kernel; tap++)
                    {
                        int patchX = grid.PatchOf(x, tap);
                        if (patchX >= 0)
                        {
                            float* patch = job.Patches.Image(image) + (((patchY * (long)grid.Side) + patchX) * job.Patches.RowStride);
                            taps[count++] = patch + (((line * grid.Kernel) + tap) * channels);
                        }
                    }
                }

                Sum(taps, count, channels, job.Map.Image(image) + (((y * (long)grid.Size) + x) * job.Map.RowStride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float** sources, int count, int channels, float* sums)
    {
        for (int channel = 0; channel < channels; channel += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, channels - channel);
            var sum = Vector<float>.Zero;
            for (int i = 0; i < count; i++)
            {
                sum += Lanes.Load(sources[i] + channel, lanes);
            }

            Lanes.Store(sum, sums + channel, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* destination, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));

    private struct FlipJob
    {
        public RowSplit Split;
        public int Taps;
        public int Inputs;
        public int Outputs;
        public Matrix Weight;
        public Matrix Flipped;
    }

    private struct Job
    {
        public RowSplit Split;
        public SlidingPatch Grid;
        public int Channels;
        public Matrix Map;
        public Matrix Patches;
    }
}
