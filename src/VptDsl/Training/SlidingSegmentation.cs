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

    public SlidingSegmentation(ModelProgram program, int height, int width, int stride)
    {
        _program = program;
        _size = program.Model.ImageSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, _size);
        if (height < _size || width < _size)
        {
            throw new ArgumentException(
                $"{program.Model.Name} slides windows of {_size} × {_size} pixels over an image, but this one has {height} × {width}: enlarge it first.");
        }

        (_height, _width, _stride) = (height, width, stride);
    }

    /// <summary>The class of each pixel.</summary>
    /// <param name="image">[channels, height, width], normalised.</param>
    public LabelMap Run(ReadOnlySpan<float> image)
    {
        int channels = _program.Model.Channels, classes = _program.Model.Classes, plane = checked(_height * _width);
        if (image.Length != (long)channels * plane)
        {
            throw new ArgumentException(
                $"An image of {channels} × {_height} × {_width} has {(long)channels * plane} floats, not {image.Length}.", nameof(image));
        }

        float[] window = new float[_program.Model.ImageFloats];
        int[] noLabels = new int[_program.Model.LabelsPerImage];
        float[] logits = new float[_size * _size * classes], sums = new float[checked(plane * classes)];
        int[] counts = new int[plane];
        foreach (int top in Starts(_height))
        {
            foreach (int left in Starts(_width))
            {
                for (int row = 0; row < channels * _size; row++)
                {
                    int from = (row / _size * plane) + ((top + (row % _size)) * _width) + left;
                    image.Slice(from, _size).CopyTo(window.AsSpan(row * _size));
                }

                _program.SetBatch(window, noLabels);
                _program.Infer();
                _program.ReadLogits(0, logits);
                for (int y = 0; y < _size; y++)
                {
                    int to = ((top + y) * _width) + left;
                    for (int i = 0; i < _size * classes; i++)
                        sums[(to * classes) + i] += logits[(y * _size * classes) + i];
                    for (int x = 0; x < _size; x++)
                        counts[to + x]++;
                }
            }
        }

        for (int i = 0; i < sums.Length; i++)
            sums[i] /= counts[i / classes];
        int[] labels = new int[plane];
        PixelScores.Classify(sums, classes, labels);
        return new LabelMap(_height, _width, labels);
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
