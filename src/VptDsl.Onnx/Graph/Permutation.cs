using System.Collections.Immutable;

namespace VptDsl.Onnx.Graph;

/// <summary>The elements of a tensor with its axes in another order.</summary>
internal static class Permutation
{
    /// <param name="values">The elements, the last axis's next to each other.</param>
    /// <param name="dimensions">The tensor's dimensions.</param>
    /// <param name="axes">Which axis comes first, second…</param>
    public static float[] Apply(float[] values, ImmutableArray<int> dimensions, int[] axes)
    {
        int rank = axes.Length;
        long[] strides = new long[rank], steps = new long[rank];
        long stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
            (strides[axis], stride) = (stride, stride * dimensions[axis]);
        for (int axis = 0; axis < rank; axis++)
            steps[axis] = strides[axes[axis]];

        float[] moved = new float[values.Length];
        int[] place = new int[rank];
        long source = 0;
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = values[source];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                source += steps[axis];
                if (++place[axis] < dimensions[axes[axis]])
                    break;
                source -= steps[axis] * place[axis];
                place[axis] = 0;
            }
        }

        return moved;
    }
}
