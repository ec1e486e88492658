namespace VptDsl.Parallel.Tests.Simulation;

/// <summary>What a step costs on a cluster whose leader deals out shards and sums them up.</summary>
internal sealed record ClusterCosts
{
    // Of an equation whose right side changes little with its left.
    private const int Iterations = 50;

    /// <summary>The seconds that all shards of a step take one worker.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The bytes of what is trained, sent to each worker and back from it in each step.</summary>
    public required double GradientBytes { get; init; }

    /// <summary>Bytes a second that the leader's connection carries in each direction.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Seconds that the leader's processor spends on a worker's messages of a step, to sign them and to add them up.</summary>
    public required double LeaderSecondsEach { get; init; }

    /// <summary>Failures an hour of a worker; it is back after that.</summary>
    public required double FailuresPerHour { get; init; }

    /// <summary>The share of failures that nobody notices until patience runs out: a machine that stalls or is cut off.</summary>
    public required double StalledShare { get; init; }

    /// <summary>Seconds of that patience.</summary>
    public required double StallTimeout { get; init; }

    /// <summary>Seconds until a worker that failed takes part again.</summary>
    public required double BackAfter { get; init; }

    /// <summary>The seconds that a step takes on average.</summary>
    /// <param name="workers">The workers, the leader among them; a step has as many shards.</param>
    /// <remarks>
    /// Orders leave the leader one after the other, and results come back in the same rhythm, so that a transfer each way is in nobody's
    /// shadow. Where somebody is away, the leader has two shards, of which the transfers hide a part; who stalled is away while the others
    /// wait for it, too. What fails leaves its shard to be computed anew, and where it stalled, only after the patience has run out;
    /// meanwhile others may fail.
    /// </remarks>
    public double MeanStep(int workers)
    {
        double shard = StepSeconds / workers, failures = FailuresPerHour / 3600 * (workers - 1);
        double away = Math.Max(0, BackAfter - (StalledShare * StallTimeout));
        double doubled = Math.Max(0, shard - (workers * GradientBytes / BytesPerSecond));
        double busy = Round(workers) + (Probability(failures * away) * doubled), step = busy;
        for (int i = 0; i < Iterations; i++)
            step = busy + (Probability(failures * step) * shard) + (Probability(failures * StalledShare * step) * StallTimeout);
        return step;
    }

    /// <summary>The hours of a sweep whose runs are computed side by side, each by one worker.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="steps">The steps of a run.</param>
    /// <param name="savedEvery">Steps between two checkpoints, half of which a failure costs on average.</param>
    public double SweepHours(int workers, int runs, int steps, int savedEvery)
    {
        double failuresPerSecond = FailuresPerHour / 3600;
        double run = steps * StepSeconds;
        double withFailures = run * (1 + (failuresPerSecond * ((savedEvery * StepSeconds / 2) + BackAfter)));
        return Math.Ceiling(runs / (double)workers) * withFailures / 3600;
    }

    /// <summary>The seconds of a step in which nothing fails.</summary>
    private double Round(int workers) => workers == 1
        ? StepSeconds
        : (StepSeconds / workers) + (workers * GradientBytes / BytesPerSecond) + ((workers - 1) * LeaderSecondsEach);

    /// <summary>That something happens at least once that happens so often on average.</summary>
    private static double Probability(double mean) => 1 - Math.Exp(-mean);
}
