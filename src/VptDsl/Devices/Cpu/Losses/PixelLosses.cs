using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Cross-entropy of labelled pixels, some of which do not count.</summary>
internal static unsafe class PixelLosses
{
    /// <summary>Images whose sums need no memory of their own.</summary>
    private const int OnStack = 256;

    /// <summary>
    /// losses[image] = its pixels' cross-entropies, divided by the mean number of pixels of an image that count; correct[image] = the
    /// share of its pixels that count of which the right class scores highest; counted = how many count in all.
    /// </summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="pixels">Rows of an image.</param>
    /// <param name="classes">Columns of logits.</param>
    /// <param name="ignored">The label that does not count.</param>
    /// <param name="logits">[images, pixels, classes].</param>
    /// <param name="labels">[images, pixels, 1].</param>
    /// <param name="losses">[images, 1, 1].</param>
    /// <param name="correct">[images, 1, 1], or absent.</param>
    /// <param name="counted">[1, 1], or absent.</param>
    public static void Evaluate(
        CpuWorkers workers, int images, int pixels, int classes, int ignored, in Matrix logits, in Matrix labels, in Matrix losses,
        in Matrix correct, in Matrix counted)
    {
        bool isSmall = images <= OnStack;
        Span<double> sums = isSmall ? stackalloc double[OnStack] : new double[images];
        Span<int> counts = isSmall ? stackalloc int[OnStack] : new int[images],
            rights = isSmall ? stackalloc int[OnStack] : new int[images];
        fixed (double* sum = sums)
        fixed (int* count = counts, right = rights)
        {
            var job = new Job
            {
                Pixels = pixels,
                Classes = classes,
                Ignored = ignored,
                Logits = logits,
                Labels = labels,
                Sums = sum,
                Counts = count,
                Rights = right,
            };
            workers.Run(images, &SumImage, &job);
        }

        long all = 0;
        for (int image = 0; image < images; image++)
        {
            all += counts[image];
        }

        for (int image = 0; image < images; image++)
        {
            *losses.Image(image) = (float)(sums[image] * images / Math.Max(1, all));
            if (correct.IsPresent)
            {
                *correct.Image(image) = counts[image] == 0 ? 0 : (float)((double)rights[image] / counts[image]);
            }
        }

        if (counted.IsPresent)
        {
            *counted.Data = all;
        }
    }

    /// <summary>
    /// dLogits = (softmax(logits) - onehot(label)) / counted, 0 where the pixel does not count; dLogits may be the logits.
    /// </summary>
    public static void Differentiate(
        CpuWorkers workers, int images, int pixels, int classes, int ignored, in Matrix logits, in Matrix labels, float counted,
        in Matrix dLogits)
    {
        var job = new Job
        {
            Split = RowSplit.Of((long)images * pixels, classes),
            Classes = classes,
            Ignored = ignored,
            Logits = logits,
            Labels = labels,
            Scale = 1 / Math.Max(1, counted),
            Gradient = dLogits,
        };
        workers.Run(job.Split.Items, &DifferentiateRows, &job);
    }

    private static void SumImage(void* context, int image)
    {
        ref var job = ref *(Job*)context;
        double sum = 0;
        int count = 0, right = 0, classes = job.Classes;
        for (int pixel = 0; pixel < job.Pixels; pixel++)
        {
            int label = (int)*(job.Labels.Image(image) + (pixel * job.Labels.RowStride));
            if (label == job.Ignored)
            {
                continue;
            }

            float* logits = job.Logits.Image(image) + (pixel * job.Logits.RowStride);
            float max = Losses.Max(logits, classes);
            sum += MathF.Log(Losses.SumExp(logits, max, classes)) - (logits[label] - max);
            count++;
            int best = 0;
            while (best < classes - 1 && logits[best] != max)
            {
                best++;
            }

            right += best == label ? 1 : 0;
        }

        job.Sums[image] = sum;
        job.Counts[image] = count;
        job.Rights[image] = right;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DifferentiateRows(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int classes = job.Classes;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* logits = job.Logits.Row(row), gradient = job.Gradient.Row(row);
            int label = (int)*job.Labels.Row(row);
            if (label == job.Ignored)
            {
                new Span<float>(gradient, classes).Clear();
                continue;
            }

            float max = Losses.Max(logits, classes);
            var factors = Vector.Create(job.Scale / Losses.SumExp(logits, max, classes));
            var maxima = Vector.Create(max);
            for (int column = 0; column < classes; column += Lanes.Width)
            {
                int lanes = Math.Min(Lanes.Width, classes - column);
                Lanes.Store(VectorMath.ExpOrZero(Lanes.Load(logits + column, lanes) - maxima) * factors, gradient + column, lanes);
            }

            gradient[label] -= job.Scale;
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Pixels;
        public int Classes;
        public int Ignored;
        public Matrix Logits;
        public Matrix Labels;
        public double* Sums;
        public int* Counts;
        public int* Rights;
        public float Scale;
        public Matrix Gradient;
    }
}
