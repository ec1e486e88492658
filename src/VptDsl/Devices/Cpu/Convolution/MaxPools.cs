using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Largest values in patches over maps of pixels, and their gradient.</summary>
internal static unsafe class MaxPools
{
    /// <summary>y[patch, channel] = the largest of the channel in the patch.</summary>
    public static void Forward(CpuWorkers workers, int images, in SlidingPatch grid, int channels, in Matrix map, in Matrix y)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * grid.Patches, grid.Taps * channels),
            Grid = grid,
            Channels = channels,
            Map = map,
            Y = y,
        };
        workers.Run(job.Split.Items, &TakeLargest, &job);
    }

    /// <summary>dMap[pixel] = the sum of dy over the patches of which the pixel is the first of the largest.</summary>
    public static void Backward(
        CpuWorkers workers, int images, in SlidingPatch grid, int channels, in Matrix dy, in Matrix map, in Matrix y, in Matrix dMap)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * grid.Pixels, grid.Taps * channels),
            Grid = grid,
            Channels = channels,
            Map = map,
            Y = y,
            OutputGradient = dy,
            MapGradient = dMap,
        };
        workers.Run(job.Split.Items, &SumGradients, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeLargest(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        float** taps = stackalloc float*[job.Grid.Taps];
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / job.Grid.Patches;
            int patch = (int)(row - (image * job.Grid.Patches));
            int count = job.CollectTaps(image, patch, job.Grid.Taps, taps);
            float* y = job.Y.Row(row);
            for (int channel = 0; channel < job.Channels; channel += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Channels - channel);
                var largest = Lanes.Load(taps[0] + channel, lanes);
                for (int i = 1; i < count; i++)
                {
                    largest = Vector.Max(largest, Lanes.Load(taps[i] + channel, lanes));
                }

                Lanes.Store(largest, y + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumGradients(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        var grid = job.Grid;
        float** before = stackalloc float*[grid.Taps];
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / grid.Pixels;
            int pixel = (int)(row - (image * grid.Pixels)), pixelY = pixel / grid.Size, pixelX = pixel - (pixelY * grid.Size);
            float* own = job.Map.Row(row), gradient = job.MapGradient.Row(row);
            new Span<float>(gradient, job.Channels).Clear();
            for (int tap = 0; tap < grid.Taps; tap++)
            {
                int patchY = grid.PatchOf(pixelY, tap / grid.Kernel), patchX = grid.PatchOf(pixelX, tap % grid.Kernel);
                if (patchY < 0 || patchX < 0)
                {
                    continue;
                }

                int patch = (patchY * grid.Side) + patchX;
                int count = job.CollectTaps(image, patch, tap, before);
                float* y = job.Y.Image(image) + (patch * job.Y.RowStride);
                float* dy = job.OutputGradient.Image(image) + (patch * job.OutputGradient.RowStride);
                for (int channel = 0; channel < job.Channels; channel += Lanes.Width)
                {
                    int lanes = Math.Min(Lanes.Width, job.Channels - channel);
                    var value = Lanes.Load(own + channel, lanes);
                    var isFirst = Vector.Equals(value, Lanes.Load(y + channel, lanes));
                    for (int i = 0; i < count; i++)
                    {
                        isFirst = Vector.AndNot(isFirst, Vector.Equals(value, Lanes.Load(before[i] + channel, lanes)));
                    }

                    var term = Vector.ConditionalSelect(isFirst, Lanes.Load(dy + channel, lanes), Vector<float>.Zero);
                    Lanes.Store(Lanes.Load(gradient + channel, lanes) + term, gradient + channel, lanes);
                }
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public SlidingPatch Grid;
        public int Channels;
        public Matrix Map;
        public Matrix Y;
        public Matrix OutputGradient;
        public Matrix MapGradient;

        /// <summary>The pixels of a patch that are inside the map, up to a tap.</summary>
        public readonly int CollectTaps(long image, int patch, int endTap, float** taps)
        {
            int patchY = patch / Grid.Side, patchX = patch - (patchY * Grid.Side), count = 0;
            for (int tap = 0; tap < endTap; tap++)
            {
                int y = Grid.PixelOf(patchY, tap / Grid.Kernel), x = Grid.PixelOf(patchX, tap % Grid.Kernel);
                if (y >= 0 && y < Grid.Size && x >= 0 && x < Grid.Size)
                {
                    taps[count++] = Map.Image(image) + (((y * (long)Grid.Size) + x) * Map.RowStride);
                }
            }

            return count;
        }
    }
}
