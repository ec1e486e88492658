namespace VptDsl.Devices.Cpu;

/// <summary>
/// Attention that never stores the score matrix: an item is a head of an image and works on a panel of queries at a time.
/// </summary>
internal static unsafe class Attentions
{
    /// <summary>Computes the output and the log-sums.</summary>
    public static void Forward(CpuWorkers workers, in AttentionCall call)
    {
        var job = new AttentionJob(call, workers);
        workers.Run(job.Items, &AttentionJob.RunItem, &job);
    }

    /// <summary>Computes the gradients that the call has places for.</summary>
    public static void Backward(CpuWorkers workers, in AttentionGradientCall call)
    {
        var job = new AttentionGradientJob(call, workers);
        if (job.Items == 0)
        {
            return;
        }

        workers.Run(job.Items, &AttentionGradientJob.RunItem, &job);
        job.AddGroups(workers);
    }

    /// <summary>Computes the gradient of the bias of a call that has one, given the first segment alone.</summary>
    public static void BackwardOfBias(CpuWorkers workers, in AttentionGradientCall call, in Matrix gradient)
    {
        var job = new AttentionBiasGradientJob(call, gradient, workers);
        workers.Run(job.Items, &AttentionBiasGradientJob.RunItem, &job);
    }
}
