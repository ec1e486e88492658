namespace VptDsl.Benchmarks.Serving;

/// <summary>A way to answer for many tasks, each image of one of them.</summary>
internal interface ITaskServer : IDisposable
{
    /// <summary>Has an image classified for a task; many may wait at a time.</summary>
    Task PredictAsync(int task, int image);

    /// <summary>What all its processes hold in memory, in bytes.</summary>
    long Memory();
}
