using System.Globalization;
using BenchmarkDotNet.Running;
using VptDsl.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// "quick [threads] [name]": medians of every CPU routine in a few seconds. Anything else goes to BenchmarkDotNet.
if (args is ["quick", ..])
{
    int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.ProcessorCount;
    QuickTimings.Run(threads, args.Length > 2 ? args[2] : "");
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(QuickTimings).Assembly).Run(args);
