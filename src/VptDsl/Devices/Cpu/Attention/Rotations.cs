using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VptDsl.Devices.Cpu;

/// <summary>Rotary positions: turns pairs of channels of each head by angles of its token.</summary>
/// <remarks>A token's row of the table has cosine - 1 for each channel of a head, then the sine that its partner is taken with.</remarks>
internal static unsafe class Rotations
{
    /// <summary>
    /// turned = x + x ⊙ c + partner(x) ⊙ s in each head, back with the partner's s; it must not be x.
    /// </summary>
    public static void Run(
        CpuWorkers workers, long rows, int heads, int head, bool interleaved, bool back, in Matrix x, in Matrix table, in Matrix turned)
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, heads * head),
            Heads = heads,
            Head = head,
            IsBack = back,
            X = x,
            Table = table,
            Turned = turned,
        };
        workers.Run(job.Split.Items, interleaved ? &TurnPairs : &TurnHalves, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnHalves(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        int half = job.Head / 2;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.X.Row(row), cosine = job.Table.Row(row), sine = cosine + job.Head, turned = job.Turned.Row(row);
            float* first = job.IsBack ? sine + half : sine, second = job.IsBack ? sine : sine + half;
            for (int head = 0; head < job.Heads; head++, x += job.Head, turned += job.Head)
            {
                Turn(x, x + half, cosine, first, turned, half);
                Turn(x + half, x, cosine + half, second, turned + half, half);
            }
        }
    }

    private static void Turn(float* x, float* partner, float* cosine, float* sine, float* turned, int count)
    {
        for (int i = 0; i < count; i += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, count - i);
            Vector<float> own = Lanes.Load(x + i, lanes);
            Vector<float> sum = Vector.MultiplyAddEstimate(own, Lanes.Load(cosine + i, lanes), own);
            Lanes.Store(Vector.MultiplyAddEstimate(Lanes.Load(partner + i, lanes), Lanes.Load(sine + i, lanes), sum), turned + i, lanes);
        }
    }

    /// <summary>Heads are multiples of 4 channels, two pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnPairs(void* context, int item)
    {
        ref var job = ref *(Job*)context;
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* x = job.X.Row(row), table = job.Table.Row(row), turned = job.Turned.Row(row);
            for (int head = 0; head < job.Heads; head++, x += job.Head, turned += job.Head)
            {
                for (int i = 0; i < job.Head; i += Vector128<float>.Count)
                {
                    Vector128<float> own = Vector128.Load(x + i), sine = Vector128.Load(table + job.Head + i);
                    if (job.IsBack)
                        sine = Swapped(sine);
                    Vector128<float> sum = Vector128.MultiplyAddEstimate(own, Vector128.Load(table + i), own);
                    Vector128.Store(Vector128.MultiplyAddEstimate(Swapped(own), sine, sum), turned + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Swapped(Vector128<float> pairs) => Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2));

    private struct Job
    {
        public RowSplit Split;
        public int Heads;
        public int Head;
        public bool IsBack;
        public Matrix X;
        public Matrix Table;
        public Matrix Turned;
    }
}
