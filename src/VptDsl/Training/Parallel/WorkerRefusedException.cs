namespace VptDsl.Training.Parallel;

/// <summary>A run's leader does not take a worker, or a worker the leader, and asking again would change nothing.</summary>
internal sealed class WorkerRefusedException(string message, Exception? inner = null) : IOException(message, inner);
