using System.Runtime.Intrinsics;
using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks.Machine;

/// <summary>The most that multiply-adds reach on this machine: full tiles from panels that stay in the first-level cache.</summary>
internal static unsafe class MicroKernelPeak
{
    // The widest kernel's panels and tile then take 24 of the 32 KiB that a small first-level cache has.
    private const int Depth = 128, TilesPerItem = 20_000;

    /// <summary>GFLOP/s of all threads together with the vectors that products use.</summary>
    public static double Gflops(CpuWorkers workers) => Gflops(workers, Widths.Last());

    /// <summary>The widths of vectors that this machine has, in bits; products use the last.</summary>
    public static IEnumerable<int> Widths
    {
        get
        {
            yield return 128;
            if (Vector256.IsHardwareAccelerated)
                yield return 256;
            if (Vector512.IsHardwareAccelerated)
                yield return 512;
        }
    }

    /// <summary>GFLOP/s of all threads together with vectors of a width.</summary>
    public static double Gflops(CpuWorkers workers, int bits)
    {
        (int rows, int columns) = bits switch
        {
            128 => (MicroKernel128.Rows, MicroKernel128.Columns),
            256 => (MicroKernel256.Rows, MicroKernel256.Columns),
            _ => (MicroKernel512.Rows, MicroKernel512.Columns),
        };
        var panels = new Panels(bits, rows, columns, workers);
        double seconds = Repeated.BestSeconds(() =>
        {
            Panels context = panels;
            workers.Run(workers.Threads, &RunTiles, &context);
        });
        return 2.0 * rows * columns * Depth * TilesPerItem * workers.Threads / seconds / 1e9;
    }

    private static void RunTiles(void* context, int item)
    {
        Panels panels = *(Panels*)context;
        float* a = panels.OfThread, b = a + (panels.Rows * Depth), tile = b + (panels.Columns * Depth);
        new Span<float>(a, (int)panels.Floats).Clear();
        var left = new LeftPanel(a, 1, panels.Rows);
        for (int i = 0; i < TilesPerItem; i++)
        {
            switch (panels.Bits)
            {
                case 128:
                    MicroKernel128.Run(panels.Rows, panels.Columns, Depth, left, b, b, tile, accumulate: false);
                    break;
                case 256:
                    MicroKernel256.Run(panels.Rows, panels.Columns, Depth, left, b, b, tile, accumulate: false);
                    break;
                default:
                    MicroKernel512.Run(panels.Rows, panels.Columns, Depth, left, b, b, tile, accumulate: false);
                    break;
            }
        }
    }

    /// <summary>A panel of A, a panel of B and a tile for each thread.</summary>
    private readonly struct Panels
    {
        private readonly float* _memory;
        private readonly long _stride;

        public Panels(int bits, int rows, int columns, CpuWorkers workers)
        {
            (Bits, Rows, Columns) = (bits, rows, columns);
            _memory = workers.Scratch(Floats, out _stride);
        }

        public int Bits { get; }

        public int Rows { get; }

        public int Columns { get; }

        public long Floats => ((Rows + Columns) * Depth) + (Rows * Columns);

        public float* OfThread => _memory + (CpuWorkers.Current * _stride);
    }
}
