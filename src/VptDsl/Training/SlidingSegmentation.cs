using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Windows of a model's size that slide over a larger image; where they overlap the mean of their logits decides.</summary>
internal sealed class SlidingSegmentation
{
    private readonly ModelProgram _program;
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _size;
    private readonly int[] _noLabels;
    private readonly float[] _logits;

    public SlidingSegmentation(ModelProgram program, int height, int width, int stride)
    {
        _program = program;
        _size = program.Model.ImageSize.Height;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, _size);
        if (height < _size || width < _size)
        {
            throw new ArgumentException(
                $"{program.Model.Name} slides windows of {_size} × {_size} pixels over an image, but this one has "
                + $"{height} × {width}: enlarge it first.");
        }

        long row = (long)width * program.TaskClasses;
        if ((long)height * width > Array.MaxLength || row > Array.MaxLength / _size)
        {
            throw new ArgumentException(
                $"An image of {height} × {width} pixels is too large for {program.Model.Name}, which tells {program.TaskClasses} classes "
                + $"in windows of {_size} × {_size} pixels: scale it down (shortSide), or cut it into parts.");
        }

        (_height, _width, _stride) = (height, width, stride);
        _noLabels = new int[program.Model.LabelsPerImage];
        _logits = new float[program.Model.LabelsPerImage * program.TaskClasses];
    }

    /// <summary>Takes the logits of rows of the image, each row once, from the top down.</summary>
    /// <param name="top">The first of the rows.</param>
    /// <param name="logits">[rows, width, classes].</param>
    public delegate void RowsTaker(int top, ReadOnlySpan<float> logits);

    /// <summary>The class of each pixel.</summary>
    /// <param name="image">[channels, height, width], normalised.</param>
    public LabelMap Run(ReadOnlySpan<float> image)
    {
        int classes = _program.TaskClasses;
        int[] labels = new int[_height * _width];
        Run(image, (top, logits) => PixelScores.Classify(logits, classes, labels.AsSpan(top * _width, logits.Length / classes)));
        return new LabelMap(_height, _width, labels);
    }

    /// <summary>The logits of each pixel.</summary>
    /// <param name="image">[channels, height, width], normalised.</param>
    /// <param name="take">Takes them.</param>
    public void Run(ReadOnlySpan<float> image, RowsTaker take)
    {
        int channels = _program.Model.Channels, classes = _program.TaskClasses, plane = _height * _width;
        if (image.Length != (long)channels * plane)
        {
            throw new ArgumentException(
                $"An image of {channels} × {_height} × {_width} has {(long)channels * plane} floats, not {image.Length}.", nameof(image));
        }

        FinitePixels.Require(image, new ImageShape(channels, _height, _width));

        // Only the rows under a row of windows are kept: the logits of a whole photograph would fill gigabytes.
        int row = _width * classes;
        float[] window = new float[_program.Model.ImageFloats], sums = new float[_size * row];
        int[] counts = new int[_size * _width];
        int[] tops = [.. Starts(_height)];
        for (int i = 0; i < tops.Length; i++)
        {
            int top = tops[i];
            foreach (int left in Starts(_width))
            {
                Cut(image, top, left, window);
                Add(window, left, sums, counts);
            }

            // Windows further down reach no higher than where the next of them begin.
            int done = (i + 1 < tops.Length ? tops[i + 1] : _height) - top;
            Span<float> finished = sums.AsSpan(0, done * row);
            for (int j = 0; j < finished.Length; j++)
                finished[j] /= counts[j / classes];
            take(top, finished);
            Drop(sums, done * row);
            Drop(counts, done * _width);
        }
    }

    /// <summary>Copies a window out of the image.</summary>
    private void Cut(ReadOnlySpan<float> image, int top, int left, Span<float> window)
    {
        for (int row = 0; row < _program.Model.Channels * _size; row++)
        {
            int from = (((row / _size * _height) + top + (row % _size)) * _width) + left;
            image.Slice(from, _size).CopyTo(window[(row * _size)..]);
        }
    }

    /// <summary>Adds a window's logits to the rows of the image that windows of its row cover.</summary>
    private void Add(ReadOnlySpan<float> window, int left, Span<float> sums, Span<int> counts)
    {
        int classes = _program.TaskClasses;
        using (_program.TakeTurn())
        {
            _program.SetBatch(window, _noLabels);
            _program.Infer();
            _program.ReadLogits(0, _logits);
        }

        for (int y = 0; y < _size; y++)
        {
            int to = (y * _width) + left;
            for (int i = 0; i < _size * classes; i++)
                sums[(to * classes) + i] += _logits[(y * _size * classes) + i];
            for (int x = 0; x < _size; x++)
                counts[to + x]++;
        }
    }

    /// <summary>Drops what comes first; zeros move up behind the rest.</summary>
    private static void Drop<T>(Span<T> values, int count)
        where T : struct
    {
        values[count..].CopyTo(values);
        values[^count..].Clear();
    }

    /// <summary>Where windows begin along a side; the last ends with it.</summary>
    private IEnumerable<int> Starts(int side)
    {
        for (int start = 0; ; start += _stride)
        {
            if (start + _size >= side)
            {
                yield return side - _size;
                yield break;
            }

            yield return start;
        }
    }
}
