namespace VptDsl.Devices.Cpu;

/// <summary>Cross-entropy of each class by itself, which an image has or not.</summary>
/// <remarks>
/// In double precision: a class that an image does not have and the model knows of it leaves a loss far below the rounding of 1, and there
/// are many such classes.
/// </remarks>
internal static unsafe class BinaryLosses
{
    /// <summary>losses[image] = weight · Σ (log(1 + exp(logit)) - label · logit).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="images">Rows of logits.</param>
    /// <param name="classes">Columns of logits.</param>
    /// <param name="logits">[images, 1, classes].</param>
    /// <param name="labels">[images, classes, 1].</param>
    /// <param name="weights">[images, 1, 1].</param>
    /// <param name="losses">[images, 1, 1].</param>
    public static void Evaluate(
        CpuWorkers workers, int images, int classes, in Matrix logits, in Matrix labels, in Matrix weights, in Matrix losses)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Labels = labels,
            Weights = weights,
            Results = losses,
        };
        workers.Run(job.Split.Items, &SumImages, &job);
    }

    /// <summary>dLogits = (sigmoid(logits) - labels) · weight · scale; dLogits may be the logits.</summary>
    public static void Differentiate(
        CpuWorkers workers, int images, int classes, in Matrix logits, in Matrix labels, in Matrix weights, float scale, in Matrix dLogits)
    {
        var job = new Job
        {
            Split = RowSplit.Of(images, classes),
            Classes = classes,
            Logits = logits,
            Labels = labels,
            Weights = weights,
            Scale = scale,
            Results = dLogits,
        };
        workers.Run(job.Split.Items, &DifferentiateImages, &job);
    }

    /// <summary>The cross-entropy of one class: log(1 + exp(logit)) - label · logit. NaN if either is.</summary>
    /// <remarks>Neither exponential overflows, and what is far below 1 is not lost in a sum with it.</remarks>
    public static double Loss(double logit, double label)
    {
        double far = Math.Exp(-Math.Abs(logit));
        // The first terms of the series of log(1 + far), where 1 + far would round them away.
        double rest = far < 1e-8 ? far - (far * far / 2) : Math.Log(1 + far);
        return Math.Max(logit, 0) - (label * logit) + rest;
    }

    /// <summary>1 / (1 + exp(-logit)).</summary>
    public static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static void SumImages(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        for (long image = job.Split.First(item); image < job.Split.End(item); image++)
        {
            float* logits = job.Logits.Image(image), labels = job.Labels.Image(image);
            double sum = 0;
            for (int c = 0; c < job.Classes; c++)
                sum += Loss(logits[c], labels[c * job.Labels.RowStride]);
            *job.Results.Image(image) = (float)(*job.Weights.Image(image) * sum);
        }
    }

    private static void DifferentiateImages(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        for (long image = job.Split.First(item); image < job.Split.End(item); image++)
        {
            float* logits = job.Logits.Image(image), labels = job.Labels.Image(image), gradient = job.Results.Image(image);
            double scale = (double)*job.Weights.Image(image) * job.Scale;
            for (int c = 0; c < job.Classes; c++)
                gradient[c] = (float)((Sigmoid(logits[c]) - labels[c * job.Labels.RowStride]) * scale);
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Classes;
        public Matrix Logits;
        public Matrix Labels;
        public Matrix Weights;
        public float Scale;
        public Matrix Results;
    }
}
