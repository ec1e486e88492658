using System.Diagnostics;
using System.Runtime.CompilerServices;
using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// Threads that stay ready between calls. A routine is cut into independent items; the calling thread and the workers take
/// items as they become free, so results must not (and do not) depend on which thread ran what.
/// </summary>
/// <remarks>One caller at a time (<see cref="CompiledProgram"/> sees to it); an item may not start another run.</remarks>
internal sealed unsafe class CpuWorkers : IDisposable
{
    // Waking a sleeping thread costs tens of microseconds, as much as a small routine: a worker first looks out for this long.
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    [ThreadStatic]
    private static int _current;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CpuMemory _counters = new(3 * CpuMemory.Alignment / sizeof(float));

    // Each on its own cache line: items not yet taken, items done, workers asleep.
    private readonly int* _remaining;
    private readonly int* _completed;
    private readonly int* _sleepers;

    private CpuMemory _scratch = new(0);
    private CpuMemory _shared = new(0);
    private delegate*<void*, int, void> _body;
    private void* _context;
    private int _items;
    private volatile bool _stopped;

    /// <summary>Starts <paramref name="threads"/> - 1 workers; the caller is the remaining thread.</summary>
    /// <exception cref="InvalidOperationException">The system does not give so many threads.</exception>
    public CpuWorkers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _remaining = (int*)_counters.Data;
        _completed = _remaining + (CpuMemory.Alignment / sizeof(int));
        _sleepers = _completed + (CpuMemory.Alignment / sizeof(int));
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i + 1;
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"VptDsl CPU worker {index}" };
            try
            {
                // What is local to whoever made the device, as a request of a server is, shall not live as long as the threads do.
                _threads[i].UnsafeStart();
            }
            catch (OutOfMemoryException e)
            {
                Array.Resize(ref _threads, i);
                Dispose();
                throw new InvalidOperationException(
                    $"The system gave {i} of the {threads - 1} threads that a CPU device of {threads} starts. Ask for fewer.", e);
            }
        }
    }

    /// <summary>The number of the thread that runs the present item: 0 is the caller.</summary>
    public static int Current => _current;

    /// <summary>Whether the workers have ended.</summary>
    public bool IsStopped => _stopped;

    /// <summary>The caller and the workers.</summary>
    public int Threads => _threads.Length + 1;

    /// <summary>Runs <paramref name="body"/> once for each item 0 .. <paramref name="items"/> - 1 and returns when all are done.</summary>
    /// <param name="items">The number of items.</param>
    /// <param name="body">Gets the context and the number of the item. It must not throw.</param>
    /// <param name="context">Passed to the body; may lie on the caller's stack.</param>
    public void Run(int items, delegate*<void*, int, void> body, void* context)
    {
        if (items <= 1 || _threads.Length == 0)
        {
            for (int item = 0; item < items; item++)
            {
                body(context, item);
            }

            return;
        }

        // Nobody reads these before it has taken an item, and there is none to take until the exchange.
        _body = body;
        _context = context;
        _items = items;
        *_completed = 0;
        Interlocked.Exchange(ref *_remaining, items);
        int sleepers = Volatile.Read(ref *_sleepers);
        if (sleepers > 0)
        {
            Wake(Math.Min(sleepers, items - 1));
        }

        TakeItems();
        var spin = new SpinWait();
        while (Volatile.Read(ref *_completed) < items)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Memory of its own for each thread: thread <see cref="Current"/> has the floats from <c>Current * stride</c> on.</summary>
    /// <remarks>Call it before <see cref="Run"/>; the contents are undefined, and lost at the next call.</remarks>
    public float* Scratch(long floats, out long stride)
    {
        stride = RoundUp(floats);
        return Grow(ref _scratch, stride * Threads);
    }

    /// <summary>Memory for all threads together, independent of <see cref="Scratch"/>; the contents are undefined.</summary>
    public float* Shared(long floats) => Grow(ref _shared, floats);

    /// <summary>The next multiple of a cache line, in floats.</summary>
    public static long RoundUp(long floats)
    {
        const int line = CpuMemory.Alignment / sizeof(float);
        return (floats + line - 1) / line * line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _wake.Release(Threads);
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _scratch.Dispose();
        _shared.Dispose();
        _counters.Dispose();
        _wake.Dispose();
    }

    private static float* Grow(ref CpuMemory memory, long floats)
    {
        if (memory.Count < floats)
        {
            memory.Dispose();
            memory = new CpuMemory(floats);
        }

        return memory.Data;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(out int item)
    {
        while (true)
        {
            int remaining = Volatile.Read(ref *_remaining);
            if (remaining == 0)
            {
                item = 0;
                return false;
            }

            if (Interlocked.CompareExchange(ref *_remaining, remaining - 1, remaining) == remaining)
            {
                item = _items - remaining;
                return true;
            }
        }
    }

    private void TakeItems()
    {
        while (TryTake(out int item))
        {
            _body(_context, item);
            Interlocked.Increment(ref *_completed);
        }
    }

    private void Work(int index)
    {
        _current = index;
        while (!_stopped)
        {
            TakeItems();
            if (!SpinForItems())
            {
                Sleep();
            }
        }
    }

    private bool SpinForItems()
    {
        long end = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            for (int i = 0; i < 16; i++)
            {
                if (Volatile.Read(ref *_remaining) > 0)
                {
                    return true;
                }

                Thread.SpinWait(1);
            }
        }
        while (!_stopped && Stopwatch.GetTimestamp() < end);
        return false;
    }

    // The caller publishes items and then reads the sleepers, a worker counts itself as a sleeper and then reads the items: one of
    // the two sees the other, so no wake-up is lost.
    private void Sleep()
    {
        Interlocked.Increment(ref *_sleepers);
        if (Volatile.Read(ref *_remaining) == 0 && !_stopped)
        {
            _wake.Wait();
        }

        Interlocked.Decrement(ref *_sleepers);
    }

    private void Wake(int count)
    {
        int missing = count - _wake.CurrentCount;
        if (missing > 0)
        {
            _wake.Release(missing);
        }
    }
}
