using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks;

/// <summary>A product's layout and sizes.</summary>
internal sealed record ProductSize(ProductLayout Layout, int M, int N, int K)
{
    /// <summary>The products of ViT-B/16 with batch 8 (1576 rows), of its last layer, and of a small ViT.</summary>
    public static ProductSize[] All { get; } =
    [
        new(ProductLayout.NT, 1576, 3072, 768),
        new(ProductLayout.NT, 1576, 768, 3072),
        new(ProductLayout.NT, 1576, 2304, 768),
        new(ProductLayout.NT, 1576, 768, 768),
        new(ProductLayout.NN, 1576, 768, 2304),
        new(ProductLayout.NN, 1576, 3072, 768),
        new(ProductLayout.TN, 768, 3072, 1576),
        new(ProductLayout.NT, 400, 1536, 768),
        new(ProductLayout.NT, 50, 1536, 768),
        new(ProductLayout.NT, 8, 3072, 768),
        new(ProductLayout.NN, 8, 768, 3072),
        new(ProductLayout.NT, 8, 102, 768),
        new(ProductLayout.TN, 102, 768, 8),
        new(ProductLayout.NT, 1600, 192, 64),
        new(ProductLayout.NT, 1600, 64, 256),
        new(ProductLayout.NN, 1600, 64, 192),
        new(ProductLayout.TN, 192, 64, 1600),
        new(ProductLayout.TN, 64, 64, 12800),
        new(ProductLayout.NT, 32, 10, 64),
    ];

    /// <summary>Multiplications and additions.</summary>
    public double Operations => 2.0 * M * N * K;

    /// <inheritdoc/>
    public override string ToString() => $"{Layout} {M}x{N}x{K}";
}

/// <summary>A product with its operands.</summary>
internal sealed unsafe class ProductCase : IDisposable
{
    private readonly ProductSize _size;
    private readonly CpuMemory _a;
    private readonly CpuMemory _b;
    private readonly CpuMemory _c;

    /// <summary>Makes operands of the size.</summary>
    public ProductCase(ProductSize size)
    {
        _size = size;
        _a = Filled((long)size.M * size.K);
        _b = Filled((long)size.N * size.K);
        _c = Filled((long)size.M * size.N);
    }

    /// <summary>Computes the product.</summary>
    public void Run(CpuWorkers workers) => Products.Run(workers, new ProductCall
    {
        Layout = _size.Layout,
        M = _size.M,
        N = _size.N,
        K = _size.K,
        A = new Matrix(_a.Data, _size.Layout == ProductLayout.TN ? _size.M : _size.K),
        B = new Matrix(_b.Data, _size.Layout == ProductLayout.NT ? _size.K : _size.N),
        C = new Matrix(_c.Data, _size.N),
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }

    /// <summary>Memory with numbers around 0.</summary>
    public static CpuMemory Filled(long count)
    {
        var memory = new CpuMemory(count);
        for (long i = 0; i < count; i++)
        {
            memory.Data[i] = (i % 17 * 0.1f) - 0.8f;
        }

        return memory;
    }
}
