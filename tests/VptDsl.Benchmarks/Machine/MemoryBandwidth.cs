using System.Numerics;
using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks.Machine;

/// <summary>What all threads together move between memory and registers, in arrays that no cache holds.</summary>
internal static unsafe class MemoryBandwidth
{
    private const long Floats = 64 * 1024 * 1024;
    private const int Items = 256;

    /// <summary>GB/s of reading one array.</summary>
    public static double Read(CpuWorkers workers)
    {
        using var arrays = new Arrays();
        return GigabytesPerSecond(workers, arrays, &ReadItem, arraysMoved: 1);
    }

    /// <summary>GB/s of adding two arrays into a third, each counted once.</summary>
    public static double Add(CpuWorkers workers)
    {
        using var arrays = new Arrays();
        return GigabytesPerSecond(workers, arrays, &AddItem, arraysMoved: 3);
    }

    private static double GigabytesPerSecond(CpuWorkers workers, Arrays arrays, delegate*<void*, int, void> body, int arraysMoved)
    {
        double seconds = Repeated.BestSeconds(() =>
        {
            Pointers context = arrays.Pointers;
            workers.Run(Items, body, &context);
        });
        return arraysMoved * sizeof(float) * (double)Floats / seconds / 1e9;
    }

    private static void ReadItem(void* context, int item)
    {
        Pointers arrays = *(Pointers*)context;
        float* x = arrays.A + (item * (Floats / Items)), end = x + (Floats / Items);
        (Vector<float> first, Vector<float> second) = (Vector<float>.Zero, Vector<float>.Zero);
        for (; x < end; x += 2 * Vector<float>.Count)
        {
            first += Vector.Load(x);
            second += Vector.Load(x + Vector<float>.Count);
        }

        arrays.Sum[item * CpuMemory.Alignment / sizeof(float)] = Vector.Sum(first + second);
    }

    private static void AddItem(void* context, int item)
    {
        Pointers arrays = *(Pointers*)context;
        long start = item * (Floats / Items);
        for (long i = start; i < start + (Floats / Items); i += Vector<float>.Count)
            Vector.Store(Vector.Load(arrays.A + i) + Vector.Load(arrays.B + i), arrays.Sum + i);
    }

    private readonly record struct Pointers(nint AddressOfA, nint AddressOfB, nint AddressOfSum)
    {
        public float* A => (float*)AddressOfA;

        public float* B => (float*)AddressOfB;

        public float* Sum => (float*)AddressOfSum;
    }

    private sealed class Arrays : IDisposable
    {
        private readonly CpuMemory _a = new(Floats), _b = new(Floats), _sum = new(Floats);

        public Pointers Pointers => new((nint)_a.Data, (nint)_b.Data, (nint)_sum.Data);

        public void Dispose()
        {
            _a.Dispose();
            _b.Dispose();
            _sum.Dispose();
        }
    }
}
