using System.Collections.Immutable;

namespace VptDsl.Weights;

/// <summary>How a tensor's elements lie in memory: each axis has a length and the distance from one index to the next.</summary>
/// <param name="Shape">The lengths.</param>
/// <param name="Strides">The distances, in elements; none is negative.</param>
internal sealed record StridedLayout(ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    /// <summary>Whether the elements lie one behind the other, the last index running fastest.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected)
                {
                    return false;
                }

                expected *= Shape[axis];
            }

            return true;
        }
    }

    /// <summary>The layout with the last index running fastest, as C has it.</summary>
    public static StridedLayout RowMajor(ImmutableArray<long> shape) => new(shape, [.. StridesOf(shape.Reverse()).Reverse()]);

    /// <summary>The layout with the first index running fastest, as Fortran has it.</summary>
    public static StridedLayout ColumnMajor(ImmutableArray<long> shape) => new(shape, [.. StridesOf(shape)]);

    private static IEnumerable<long> StridesOf(IEnumerable<long> fastestFirst)
    {
        long stride = 1;
        foreach (long length in fastestFirst)
        {
            yield return stride;
            stride *= length;
        }
    }
}

/// <summary>Walks through a tensor's elements, the last index running fastest, and tells where each lies.</summary>
internal struct StridedPlaces(StridedLayout layout)
{
    private readonly long[] _index = new long[layout.Shape.Length];
    private long _place;

    /// <summary>The distance of the next element from the first, in elements.</summary>
    public long Next()
    {
        long place = _place;
        for (int axis = _index.Length - 1; axis >= 0; axis--)
        {
            _place += layout.Strides[axis];
            if (++_index[axis] < layout.Shape[axis])
            {
                break;
            }

            _place -= layout.Strides[axis] * layout.Shape[axis];
            _index[axis] = 0;
        }

        return place;
    }
}
