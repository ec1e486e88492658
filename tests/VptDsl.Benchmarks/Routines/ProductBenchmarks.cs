using BenchmarkDotNet.Attributes;
using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks;

/// <summary>Products at the sizes of <see cref="ProductSize.All"/>, on all cores and on one.</summary>
public class ProductBenchmarks
{
    private CpuWorkers _workers = null!;
    private ProductCase _case = null!;

    /// <summary>Names of the sizes.</summary>
    public static IEnumerable<string> Sizes => ProductSize.All.Select(size => size.ToString());

    /// <summary>The size.</summary>
    [ParamsSource(nameof(Sizes))]
    public string Size { get; set; } = "";

    /// <summary>Threads; 0 for all cores.</summary>
    [Params(0, 1)]
    public int Threads { get; set; }

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _workers = new CpuWorkers(Threads == 0 ? Environment.ProcessorCount : Threads);
        _case = new ProductCase(ProductSize.All.Single(size => size.ToString() == Size));
    }

    /// <summary>Computes the product.</summary>
    [Benchmark]
    public void Product() => _case.Run(_workers);

    /// <summary>Frees the operands.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _case.Dispose();
        _workers.Dispose();
    }
}
