using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>A function of one element of each of two matrices and of one number.</summary>
internal interface IElementFunction
{
    /// <summary>Applies the function to a vector of elements.</summary>
    public static abstract Vector<float> Apply(Vector<float> left, Vector<float> right, Vector<float> number);
}

/// <summary>Applies an element-wise function to all rows.</summary>
internal static unsafe class RowMap
{
    /// <summary>output[r, c] = function(left[r, c], right[r, c], number); the output may be one of the inputs.</summary>
    public static void Run<TFunction>(
        CpuWorkers workers, long rows, int columns, in Matrix left, in Matrix right, float number, in Matrix output)
        where TFunction : struct, IElementFunction
    {
        var job = new Job
        {
            Split = RowSplit.Of(rows, columns),
            Columns = columns,
            Left = left,
            Right = right,
            Number = number,
            Output = output,
        };
        workers.Run(job.Split.Items, &RunItem<TFunction>, &job);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunItem<TFunction>(void* context, int item)
        where TFunction : struct, IElementFunction
    {
        ref var job = ref *(Job*)context;
        int columns = job.Columns;
        var number = Vector.Create(job.Number);
        long end = job.Split.End(item);
        for (long row = job.Split.First(item); row < end; row++)
        {
            float* left = job.Left.Row(row);
            float* right = job.Right.Row(row);
            float* output = job.Output.Row(row);
            int c = 0;
            for (; c <= columns - Lanes.Width; c += Lanes.Width)
            {
                Vector.Store(TFunction.Apply(Vector.Load(left + c), Vector.Load(right + c), number), output + c);
            }

            if (c < columns)
            {
                int rest = columns - c;
                Lanes.StorePart(TFunction.Apply(Lanes.LoadPart(left + c, rest), Lanes.LoadPart(right + c, rest), number), output + c, rest);
            }
        }
    }

    private struct Job
    {
        public RowSplit Split;
        public int Columns;
        public float Number;
        public Matrix Left;
        public Matrix Right;
        public Matrix Output;
    }
}
