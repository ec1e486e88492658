using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Convolutions of each channel by itself, over square maps that keep their size; vectors hold neighbouring channels.</summary>
internal static unsafe class DepthwiseConvolutions
{
    // Outputs side by side share the loads of the weight.
    private const int Tile = 4;

    /// <summary>y = map ∗ weight + bias; where there is no bias, it is the gradient of the map with the kernel turned around.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="size">Height and width of the map.</param>
    /// <param name="kernel">Height and width of the kernel, odd.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="map">[images, size², channels].</param>
    /// <param name="weight">[kernel², channels].</param>
    /// <param name="bias">A number for each channel, or null for the turned kernel.</param>
    /// <param name="y">The result; it must not overlap the map.</param>
    public static void Run(
        CpuWorkers workers, int images, int size, int kernel, int channels, in Matrix map, in Matrix weight, float* bias, in Matrix y)
    {
        int taps = kernel * kernel;
        var job = new Job
        {
            Split = RowSplit.Of((long)images * size, size * channels * taps / 4),
            Size = size,
            Kernel = kernel,
            Channels = channels,
            Map = map,
            Weight = bias is null ? weight.Data + ((taps - 1) * weight.RowStride) : weight.Data,
            WeightStride = bias is null ? -weight.RowStride : weight.RowStride,
            Bias = bias,
            Y = y,
        };
        workers.Run(job.Split.Items, &ConvolveLines, &job);
    }

    /// <summary>dWeight[tap, channel] = the sum of dy · the pixel under the tap, over all pixels of all images.</summary>
    public static void WeightGradient(
        CpuWorkers workers, int images, int size, int kernel, int channels, in Matrix dy, in Matrix map, in Matrix dWeight)
    {
        var job = new Job
        {
            Images = images,
            Size = size,
            Kernel = kernel,
            Channels = channels,
            Map = map,
            Weight = dWeight.Data,
            WeightStride = dWeight.RowStride,
            Y = dy,
        };
        int groups = (channels + Lanes.Width - 1) / Lanes.Width;
        workers.Run(groups * kernel * kernel, &SumTap, &job);
    }

    // A row of the split is a line of pixels of one image. Channels are outermost: their weights and pixels stay in the first-level cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolveLines(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int size = job.Size, reach = job.Kernel / 2;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / size;
            int y = (int)(row - (image * size));
            float* output = job.Y.Image(image) + (y * (long)size * job.Y.RowStride);
            for (int channel = 0; channel < job.Channels; channel += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Channels - channel);
                int x = 0;
                for (; x < Math.Min(reach, size); x++)
                {
                    ConvolvePixel(job, image, y, x, channel, lanes, output);
                }

                for (; lanes == Lanes.Width && x + Tile + reach <= size; x += Tile)
                {
                    ConvolveTile(job, image, y, x, channel, output);
                }

                for (; x < size; x++)
                {
                    ConvolvePixel(job, image, y, x, channel, lanes, output);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvolveTile(in Job job, long image, int y, int x, int channel, float* output)
    {
        int kernel = job.Kernel, reach = kernel / 2;
        long step = job.Map.RowStride;
        var sum0 = job.Start(channel, Lanes.Width);
        Vector<float> sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int endLine = Math.Min(kernel, job.Size + reach - y);
        for (int line = Math.Max(0, reach - y); line < endLine; line++)
        {
            float* pixel = job.Pixel(image, y + line - reach, x - reach) + channel;
            float* weight = job.Weight + (line * kernel * job.WeightStride) + channel;
            for (int tap = 0; tap < kernel; tap++)
            {
                var factor = Vector.Load(weight);
                sum0 = Vector.MultiplyAddEstimate(Vector.Load(pixel), factor, sum0);
                sum1 = Vector.MultiplyAddEstimate(Vector.Load(pixel + step), factor, sum1);
                sum2 = Vector.MultiplyAddEstimate(Vector.Load(pixel + (2 * step)), factor, sum2);
                sum3 = Vector.MultiplyAddEstimate(Vector.Load(pixel + (3 * step)), factor, sum3);
                pixel += step;
                weight += job.WeightStride;
            }
        }

        output += (x * job.Y.RowStride) + channel;
        Vector.Store(sum0, output);
        Vector.Store(sum1, output + job.Y.RowStride);
        Vector.Store(sum2, output + (2 * job.Y.RowStride));
        Vector.Store(sum3, output + (3 * job.Y.RowStride));
    }

    private static void ConvolvePixel(in Job job, long image, int y, int x, int channel, int lanes, float* output)
    {
        int kernel = job.Kernel, reach = kernel / 2;
        var sum = job.Start(channel, lanes);
        int endLine = Math.Min(kernel, job.Size + reach - y), firstTap = Math.Max(0, reach - x),
            endTap = Math.Min(kernel, job.Size + reach - x);
        for (int line = Math.Max(0, reach - y); line < endLine; line++)
        {
            float* pixel = job.Pixel(image, y + line - reach, x + firstTap - reach) + channel;
            float* weight = job.Weight + (((line * kernel) + firstTap) * job.WeightStride) + channel;
            for (int tap = firstTap; tap < endTap; tap++)
            {
                sum = Vector.MultiplyAddEstimate(Lanes.Load(pixel, lanes), Lanes.Load(weight, lanes), sum);
                pixel += job.Map.RowStride;
                weight += job.WeightStride;
            }
        }

        Lanes.Store(sum, output + (x * job.Y.RowStride) + channel, lanes);
    }

    // Sums of a line's sums lose fewer digits than one long sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTap(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int size = job.Size, taps = job.Kernel * job.Kernel, tap = item % taps, channel = item / taps * Lanes.Width;
        int downwards = (tap / job.Kernel) - (job.Kernel / 2), across = (tap % job.Kernel) - (job.Kernel / 2);
        int lanes = Math.Min(Lanes.Width, job.Channels - channel);
        var total = Vector<float>.Zero;
        for (int image = 0; image < job.Images; image++)
        {
            for (int y = Math.Max(0, -downwards); y < Math.Min(size, size - downwards); y++)
            {
                int x = Math.Max(0, -across), end = Math.Min(size, size - across);
                float* gradient = job.Y.Image(image) + (((y * (long)size) + x) * job.Y.RowStride) + channel;
                float* pixel = job.Pixel(image, y + downwards, x + across) + channel;
                var sum = Vector<float>.Zero;
                for (; x < end; x++)
                {
                    sum = Vector.MultiplyAddEstimate(Lanes.Load(gradient, lanes), Lanes.Load(pixel, lanes), sum);
                    gradient += job.Y.RowStride;
                    pixel += job.Map.RowStride;
                }

                total += sum;
            }
        }

        Lanes.Store(total, job.Weight + (tap * job.WeightStride) + channel, lanes);
    }

    private struct Job
    {
        public RowSplit Split;
        public int Images;
        public int Size;
        public int Kernel;
        public int Channels;
        public Matrix Map;
        public float* Weight;
        public long WeightStride;
        public float* Bias;
        public Matrix Y;

        /// <summary>The address of a pixel.</summary>
        public readonly float* Pixel(long image, int y, int x) => Map.Image(image) + (((y * (long)Size) + x) * Map.RowStride);

        /// <summary>What a sum starts from.</summary>
        public readonly Vector<float> Start(int channel, int lanes) =>
            Bias is null ? Vector<float>.Zero : Lanes.Load(Bias + channel, lanes);
    }
}
