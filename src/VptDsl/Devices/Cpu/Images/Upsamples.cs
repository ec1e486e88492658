using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Bilinear enlargement of square maps of pixels, and its gradient.</summary>
internal static unsafe class Upsamples
{
    /// <summary>Each pixel of the result lies between four of the map.</summary>
    public static void Forward(CpuWorkers workers, int images, int size, int factor, int channels, in Matrix map, in Matrix enlarged)
    {
        int side = size * factor;
        var job = new Job
        {
            Split = RowSplit.Of((long)images * side * side, 4 * channels),
            Axis = new(size, factor),
            Channels = channels,
            Map = map,
            Enlarged = enlarged,
        };
        workers.Run(job.Split.Items, &Enlarge, &job);
    }

    /// <summary>Each pixel's weighted sum over the enlarged pixels that lie around it.</summary>
    public static void Backward(CpuWorkers workers, int images, int size, int factor, int channels, in Matrix dEnlarged, in Matrix dMap)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * size * size, 4 * factor * factor * channels),
            Axis = new(size, factor),
            Channels = channels,
            Map = dMap,
            Enlarged = dEnlarged,
        };
        workers.Run(job.Split.Items, &SumGradients, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Enlarge(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int size = job.Axis.Size, side = job.Axis.Side;
        long pixels = (long)side * side, end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / pixels;
            int pixel = (int)(row - (image * pixels)), toY = pixel / side;
            (int y0, int y1, float downwards) = job.Axis.Between(toY);
            (int x0, int x1, float rightwards) = job.Axis.Between(pixel - (toY * side));
            float* map = job.Map.Image(image), result = job.Enlarged.Row(row);
            float* topLeft = map + (((y0 * size) + x0) * job.Map.RowStride), topRight = map + (((y0 * size) + x1) * job.Map.RowStride);
            float* bottomLeft = map + (((y1 * size) + x0) * job.Map.RowStride),
                bottomRight = map + (((y1 * size) + x1) * job.Map.RowStride);
            Vector<float> right = Vector.Create(rightwards), left = Vector.Create(1 - rightwards);
            Vector<float> down = Vector.Create(downwards), up = Vector.Create(1 - downwards);
            for (int channel = 0; channel < job.Channels; channel += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Channels - channel);
                var top = (Lanes.Load(topLeft + channel, lanes) * left) + (Lanes.Load(topRight + channel, lanes) * right);
                var bottom = (Lanes.Load(bottomLeft + channel, lanes) * left) + (Lanes.Load(bottomRight + channel, lanes) * right);
                Lanes.Store((top * up) + (bottom * down), result + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumGradients(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int size = job.Axis.Size, side = job.Axis.Side, reach = job.Axis.Factor;
        long pixels = (long)size * size, end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            long image = row / pixels;
            int pixel = (int)(row - (image * pixels)), y = pixel / size, x = pixel - (y * size);
            int firstY = Math.Max(0, (y - 1) * reach), endY = Math.Min(side, (y + 2) * reach);
            int firstX = Math.Max(0, (x - 1) * reach), endX = Math.Min(side, (x + 2) * reach);
            float* gradient = job.Map.Row(row), enlarged = job.Enlarged.Image(image);
            for (int channel = 0; channel < job.Channels; channel += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, job.Channels - channel);
                var sum = Vector<float>.Zero;
                for (int toY = firstY; toY < endY; toY++)
                {
                    float weightY = job.Axis.Weight(toY, y);
                    if (weightY == 0)
                    {
                        continue;
                    }

                    float* line = enlarged + ((long)toY * side * job.Enlarged.RowStride) + channel;
                    for (int toX = firstX; toX < endX; toX++)
                    {
                        float weight = weightY * job.Axis.Weight(toX, x);
                        if (weight != 0)
                        {
                            sum += Lanes.Load(line + (toX * job.Enlarged.RowStride), lanes) * weight;
                        }
                    }
                }

                Lanes.Store(sum, gradient + channel, lanes);
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public EnlargedAxis Axis;
        public int Channels;
        public Matrix Map;
        public Matrix Enlarged;
    }

    /// <summary>A side of a map and of the enlarged one.</summary>
    private readonly struct EnlargedAxis(int size, int factor)
    {
        public int Size { get; } = size;

        public int Factor { get; } = factor;

        public int Side { get; } = size * factor;

        /// <summary>The two places that an enlarged one lies between, and how far it is on the way to the second.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (int First, int Second, float Part) Between(int place)
        {
            float source = Math.Max(0, ((place + 0.5f) / Factor) - 0.5f);
            int first = (int)source;
            return (first, Math.Min(first + 1, Size - 1), source - first);
        }

        /// <summary>How much of a place is in an enlarged one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Weight(int enlarged, int place)
        {
            (int first, int second, float part) = Between(enlarged);
            return (first == place ? 1 - part : 0) + (second == place ? part : 0);
        }
    }
}
