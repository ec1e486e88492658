using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Workers run each item once, also right after they fell asleep, and cost no allocation; native memory is what it says.</summary>
public unsafe class CpuWorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_runs_exactly_once(int threads)
    {
        using var workers = new CpuWorkers(threads);
        int* counts = stackalloc int[300];
        for (int round = 0; round < 2000; round++)
        {
            int items = round % 300;
            new Span<int>(counts, 300).Clear();
            workers.Run(items, &Count, counts);
            for (int i = 0; i < 300; i++)
            {
                Assert.Equal(i < items ? 1 : 0, counts[i]);
            }

            if (round % 400 == 0)
            {
                // Long enough for the workers to fall asleep.
                Thread.Sleep(5);
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1025)]
    [InlineData(int.MaxValue)]
    public void A_number_of_threads_that_no_device_has_is_refused(int threads)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cpu(threads));
        Assert.StartsWith("A CPU device has 1 to 1024 threads. Give 0 for one for each core.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_thread_has_scratch_of_its_own()
    {
        using var workers = new CpuWorkers(3);
        float* scratch = workers.Scratch(100, out long stride);
        Assert.True(stride >= 100);
        Assert.Equal(0, (nint)scratch % CpuMemory.Alignment);
        Assert.Equal(0, stride * sizeof(float) % CpuMemory.Alignment);
        var context = (Base: (nint)scratch, Stride: stride);
        workers.Run(1000, &MarkScratch, &context);
        Assert.Equal(0, CpuWorkers.Current);
    }

    [Fact]
    public void Disposing_twice_is_harmless()
    {
        var workers = new CpuWorkers(2);
        workers.Dispose();
        workers.Dispose();
    }

    [Fact]
    public void No_routine_allocates_once_warm()
    {
        using var workers = new CpuWorkers(2);
        using var memory = new CpuMemory(4 * 64 * 64);
        for (int round = 0; round < 3; round++)
        {
            RunRoutines(workers, memory.Data);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        RunRoutines(workers, memory.Data);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Memory_is_zeroed_aligned_and_checked()
    {
        using var memory = new CpuMemory(1001);
        Assert.Equal(1001, memory.Count);
        Assert.Equal(0, (nint)memory.Data % CpuMemory.Alignment);
        Assert.True(new ReadOnlySpan<float>(memory.Data, 1001).IndexOfAnyExcept(0f) < 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuMemory(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuMemory(long.MaxValue));
    }

    [Fact]
    public void Rows_are_found_across_images()
    {
        float* origin = (float*)0x10000;
        var matrix = new Matrix(origin, 3, 100, 10);
        Assert.Equal(20, matrix.Row(2) - origin);
        Assert.Equal(100, matrix.Row(3) - origin);
        Assert.Equal(210, matrix.Row(7) - origin);
        Assert.False(matrix.IsContiguousRows);
        Assert.True(new Matrix(origin, 3, 30, 10).IsContiguousRows);
        Assert.True(new Matrix(origin, 10).IsContiguousRows);
        Assert.False(default(Matrix).IsPresent);
        var cursor = new RowCursor(matrix, 1);
        for (int row = 1; row < 12; row++)
        {
            Assert.True(cursor.Row == matrix.Row(row));
            cursor.MoveNext();
        }
    }

    private static void RunRoutines(CpuWorkers workers, float* memory)
    {
        const int size = 64;
        var a = new Matrix(memory, size);
        var b = new Matrix(memory + (size * size), size);
        var c = new Matrix(memory + (2 * size * size), size);
        var d = new Matrix(memory + (3 * size * size), size);
        Products.Run(workers, new ProductCall
        {
            Layout = ProductLayout.NT,
            M = size,
            N = size,
            K = size,
            A = a,
            B = b,
            C = c,
            Activation = ActivationKind.Gelu,
        });
        LayerNorms.Forward(workers, size, size, a, memory, memory, 1e-6f, c, d);
        LayerNorms.ParameterGradients(workers, size, size, a, b, d, c.Data, c.Data + size);
        Sums.OverRows(workers, size, size, a, c.Data);
        Attentions.Forward(workers, new AttentionCall
        {
            Images = 1,
            Heads = 4,
            HeadDim = 16,
            QueryRows = size,
            Query = a,
            Segments = [new(size, a, b)],
            Output = c,
            LogSum = d,
        });
        Attentions.Backward(workers, new AttentionGradientCall
        {
            Images = 1,
            Heads = 4,
            HeadDim = 16,
            QueryRows = size,
            Query = a,
            Segments = [new(size, a, b, d, d)],
            Output = c,
            LogSum = c,
            OutputGradient = b,
        });
        Optimizers.Sgd(workers, size, memory, memory, memory, 0, 0, 0);
    }

    private static void Count(void* context, int item) => Interlocked.Increment(ref ((int*)context)[item]);

    private static void MarkScratch(void* context, int item)
    {
        var (origin, stride) = *((nint Base, long Stride)*)context;
        float* own = (float*)origin + (CpuWorkers.Current * stride);
        for (int i = 0; i < 100; i++)
        {
            own[i] = item;
        }

        for (int i = 0; i < 100; i++)
        {
            if (own[i] != item)
            {
                throw new InvalidOperationException("Two threads share scratch memory.");
            }
        }
    }
}
