namespace VptDsl.Devices.Cpu;

/// <summary>
/// Attention inside the windows of a grid: rows are brought together window by window, in memory that stays in the cache.
/// </summary>
internal static unsafe class WindowAttentions
{
    /// <summary>Computes the output and the log-sums.</summary>
    public static void Forward(CpuWorkers workers, in WindowAttentionCall call)
    {
        var job = new WindowAttentionJob(call, workers);
        workers.Run(job.Items, &WindowAttentionJob.RunItem, &job);
    }

    /// <summary>Computes the gradients that the call has places for.</summary>
    public static void Backward(CpuWorkers workers, in WindowAttentionCall call)
    {
        var job = new WindowAttentionGradientJob(call, workers);
        workers.Run(job.Items, &WindowAttentionGradientJob.RunItem, &job);
        job.AddImages(workers);
    }
}
