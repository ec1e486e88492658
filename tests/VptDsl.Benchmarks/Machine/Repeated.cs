using System.Diagnostics;

namespace VptDsl.Benchmarks.Machine;

/// <summary>The time of what is done again and again.</summary>
internal static class Repeated
{
    private const int Least = 7;
    private const double Enough = 0.7;

    /// <summary>The shortest of many runs: a limit of the machine is what nothing else disturbed.</summary>
    public static double BestSeconds(Action action)
    {
        double best = double.MaxValue;
        var clock = Stopwatch.StartNew();
        for (int run = 0; run < Least || clock.Elapsed.TotalSeconds < Enough; run++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
