using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.Benchmarks.Kernels;

/// <summary>Times emitted products on OpenCL through the CPU: by tiles, and with a thread for each element.</summary>
internal static class TiledAgainstUntiled
{
    private const int Batch = 4, Rounds = 5;

    /// <summary>Tiles whose sums a core of a CPU has registers for: those that users' kernels have are chosen for a GPU.</summary>
    public static readonly KernelOptions ForCpu = new()
    {
        Product = new(Rows: 32, Columns: 64, Depth: 32, ThreadRows: 2, ThreadColumns: 4, Slices: 1),
    };

    public static void Run(string filter, string tiles)
    {
        using IlgpuDevice device = IlgpuDevice.TryOpenClOnCpu(vectorised: true)
            ?? throw new InvalidOperationException("OpenCL on the CPU is missing: install pocl-opencl-icd and ocl-icd-opencl-dev.");
        Console.WriteLine(device.Name);
        KernelOptions[] options =
        [
            KernelOptions.Untiled,
            KernelOptions.Default,
            tiles.Length == 0 ? ForCpu : new() { Product = Parse(tiles) },
        ];
        Console.WriteLine("| Product | GFLOP | untiled | tiles for a GPU | tiles for a CPU | ratios |");
        foreach ((string name, Product product, Shape[] inputs) in Cases().Where(c => c.Name.Contains(filter, StringComparison.Ordinal)))
        {
            double gflop = product.FloatingPointOperations(inputs, []) * (inputs[0].Batched ? Batch : 1) / 1e9;
            double[] rates = Array.ConvertAll(Seconds(device, product, inputs, options), seconds => gflop / seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {gflop:F2} | {rates[0]:F1} | {rates[1]:F1} | {rates[2]:F1} | "
                    + $"{rates[1] / rates[0]:F1}, {rates[2] / rates[0]:F1} |"));
        }
    }

    /// <summary>The median of each, measured in turn.</summary>
    private static double[] Seconds(IlgpuDevice device, Product product, Shape[] inputs, KernelOptions[] options)
    {
        EmittedProduct[] emitted = Array.ConvertAll(options, o => new EmittedProduct(device, product, inputs, Batch, o));
        double[] medians = Measurement.MediansInTurn(Rounds, emitted, Seconds);
        Array.ForEach(emitted, e => e.Dispose());
        return medians;
    }

    private static double Seconds(EmittedProduct product)
    {
        long start = Stopwatch.GetTimestamp();
        product.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static ProductTile Parse(string text)
    {
        int[] n = [.. text.Split(',').Select(t => int.Parse(t, CultureInfo.InvariantCulture))];
        return new(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    private static IEnumerable<(string Name, Product Product, Shape[] Inputs)> Cases()
    {
        Product Of(ProductLayout layout) => new(layout, Epilogue.None);
        Shape tokens = new(true, 197, 768), hidden = new(true, 197, 3072), weight = new(false, 3072, 768);
        yield return ("NT, linear layer 768 to 3072", Of(ProductLayout.NT), [tokens, weight]);
        yield return ("NN, its input gradient", Of(ProductLayout.NN), [hidden, weight]);
        yield return ("TN, its weight gradient", Of(ProductLayout.TN), [hidden, tokens]);
        yield return ("NT, prompts 768 to 1536", Of(ProductLayout.NT), [new(false, 50, 768), new(false, 1536, 768)]);
        yield return ("TN, head 768 to 100", Of(ProductLayout.TN), [new(true, 1, 100), new(true, 1, 768)]);
    }
}
