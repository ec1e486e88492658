using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>Times training steps, or inference.</summary>
internal static class Timing
{
    /// <summary>Prints a line of JSON.</summary>
    public static void Run(IPeerModel peer, bool infers, int batch, int classes, int steps)
    {
        Tensor input = randn(batch, 3, 224, 224), labels = randint(0, classes, batch, dtype: ScalarType.Int64);
        var seconds = new List<double>();
        for (int step = 0; step <= steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            if (infers)
                Infer(peer, input);
            else
                Train(peer, input, labels);
            if (step > 0)
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            foreach (Tensor tensor in peer.Trained)
                tensor.grad = null;
        }

        seconds.Sort();
        double median = (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"peer\":\"libtorch\",\"seconds_min\":{seconds[0]:F4},\"seconds_median\":{median:F4},"
                + $"\"peak_bytes\":{Process.GetCurrentProcess().PeakWorkingSet64}}}"));
    }

    private static void Train(IPeerModel peer, Tensor input, Tensor labels)
    {
        Tensor loss = nn.functional.cross_entropy(peer.Forward(input), labels);
        loss.backward();
        loss.item<float>();
    }

    private static void Infer(IPeerModel peer, Tensor input)
    {
        using IDisposable frozen = no_grad();
        peer.Forward(input).sum().item<float>();
    }
}
