using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>A gradient that the backward pass of attention may have to deliver.</summary>
internal unsafe struct AttentionGradientTarget
{
    /// <summary>Describes the gradient of an operand.</summary>
    public AttentionGradientTarget(in Matrix operand, in Matrix gradient, int rows)
    {
        Gradient = gradient;
        IsShared = gradient.IsPresent && operand.ImageStride == 0;
        Rows = rows;
    }

    /// <summary>Where the result goes; absent if it is not wanted.</summary>
    public Matrix Gradient { get; }

    /// <summary>Whether all images share the operand, so that its gradient is a sum over images.</summary>
    public bool IsShared { get; }

    /// <summary>Rows of the operand.</summary>
    public int Rows { get; }

    /// <summary>The sums of the groups of images, if there are several.</summary>
    public Matrix GroupSums { get; set; }

    /// <summary>Where an item that works on an image of a group writes, from a column on.</summary>
    public readonly Matrix Place(int image, int group, int column) =>
        !IsShared ? Gradient.RowsOf(image, column)
        : GroupSums.IsPresent ? GroupSums.RowsOf(group, column)
        : Gradient.RowsOf(0, column);
}

/// <summary>
/// All gradients of a call. One that all images share is summed over the images of a group, in order, by one item; the groups' sums
/// lie side by side until they are added, in order.
/// </summary>
internal unsafe struct AttentionGradientTargets
{
    // The groups decide the order of summation, so they must not follow the number of threads.
    private const int MostGroups = 8;
    private const int MostTargets = (2 * AttentionCall.MostSegments) + 1;

    private readonly int _count;
    private readonly int _width;
    private TargetList _targets;

    /// <summary>Lists the gradients of a call with these keys.</summary>
    public AttentionGradientTargets(in AttentionGradientCall call, in AttentionKeys keys)
    {
        _width = call.Heads * call.HeadDim;
        _targets[_count++] = new AttentionGradientTarget(call.Query, call.QueryGradient, call.QueryRows);
        for (int i = 0; i < keys.Segments; i++)
        {
            ref readonly var segment = ref keys[i];
            _targets[_count++] = new AttentionGradientTarget(segment.Keys, segment.KeyGradient, segment.Rows);
            _targets[_count++] = new AttentionGradientTarget(segment.Values, segment.ValueGradient, segment.Rows);
        }

        long sharedRows = 0;
        foreach (ref readonly var target in _targets)
        {
            sharedRows += target.IsShared ? target.Rows : 0;
        }

        ImagesPerGroup = sharedRows > 0 ? (call.Images + MostGroups - 1) / MostGroups : 1;
        Groups = (call.Images + ImagesPerGroup - 1) / ImagesPerGroup;
        SumFloats = Groups > 1 ? sharedRows * Groups * _width : 0;
    }

    /// <summary>Floats of memory that the groups' sums need.</summary>
    public long SumFloats { get; }

    /// <summary>Groups of images.</summary>
    public int Groups { get; }

    /// <summary>Images of each group but perhaps the last.</summary>
    public int ImagesPerGroup { get; }

    /// <summary>The queries' gradient.</summary>
    [UnscopedRef]
    public readonly ref readonly AttentionGradientTarget Queries => ref _targets[0];

    /// <summary>The gradient of a segment's keys.</summary>
    [UnscopedRef]
    public readonly ref readonly AttentionGradientTarget Keys(int segment) => ref _targets[1 + (2 * segment)];

    /// <summary>The gradient of a segment's values.</summary>
    [UnscopedRef]
    public readonly ref readonly AttentionGradientTarget Values(int segment) => ref _targets[2 + (2 * segment)];

    /// <summary>Adds the groups' sums.</summary>
    public readonly void AddGroups(CpuWorkers workers)
    {
        foreach (ref readonly var target in _targets)
        {
            if (target.GroupSums.IsPresent)
            {
                Sums.OverImages(workers, Groups, target.Rows, _width, target.GroupSums, target.Gradient);
            }
        }
    }

    /// <summary>Takes memory for the groups' sums.</summary>
    public void TakeSums(float* memory)
    {
        foreach (ref var target in _targets)
        {
            if (target.IsShared && SumFloats > 0)
            {
                long floats = (long)target.Rows * _width;
                target.GroupSums = new Matrix(memory, target.Rows, floats, _width);
                memory += floats * Groups;
            }
        }
    }

    [InlineArray(MostTargets)]
    private struct TargetList
    {
        private AttentionGradientTarget _first;
    }
}
