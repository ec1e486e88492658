using System.Globalization;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Measures a program on whole pictures: windows slide over each, and every pixel of its label map counts.</summary>
internal sealed class SlidingEvaluation
{
    private readonly ModelProgram _program;
    private readonly SegmentationImages _set;
    private readonly int _stride;
    private readonly int? _shortSide;
    private readonly Interpolation _interpolation;
    private readonly ConfusionMatrix _confusion;
    private readonly int[]? _labels;

    /// <summary>Prepares to measure.</summary>
    /// <param name="program">A program that tells the class of each pixel.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="stride">Pixels from a window to the next.</param>
    /// <param name="shortSide">
    /// What the shorter side of a picture is brought to; null where the set's pipeline says it, or nothing does.
    /// </param>
    /// <param name="classNames">The head's classes; null where it has no names.</param>
    /// <exception cref="ArgumentException">The set does not fit the program, or the sizes do not fit together.</exception>
    public SlidingEvaluation(
        ModelProgram program, SegmentationImages set, int stride, int? shortSide, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        int size = program.Model.ImageSize.Height;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, size);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortSide ?? size, size, nameof(shortSide));
        if (set.Pipeline.Normalization.Channels != program.Model.Channels)
        {
            throw new ArgumentException(
                $"The evaluated set has images of {set.Pipeline.Normalization.Channels} channel(s), but {program.Model.Name} takes "
                + $"{program.Model.Channels}: give the set a pipeline with a normalisation for as many.");
        }

        ResizeShortSideStep? resize = set.Pipeline.ShortSide;
        (_program, _set, _stride) = (program, set, stride);
        _shortSide = shortSide ?? resize?.Size;
        _interpolation = resize?.Interpolation ?? Interpolation.Bilinear;
        _confusion = new ConfusionMatrix(program.TaskClasses);
        _labels = HeadClasses.Labels(set.ClassNames, program, classNames, "evaluated");
    }

    /// <summary>Runs the whole set through the program.</summary>
    /// <param name="cancellation">Stops between two pictures.</param>
    public Evaluation Run(CancellationToken cancellation)
    {
        var mean = default(RunningMean);
        for (int i = 0; i < _set.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ScaledPicture picture = ScaledPicture.Read(
                _set.FilesOf(i).Image, _set.Pipeline, _shortSide, _program.Model.ImageSize.Height, _interpolation);
            LabelMap truth = _set.ReadLabelMap(i, (picture.FileWidth, picture.FileHeight));
            CheckLabels(truth, _set.FilesOf(i).LabelMap);
            Score(picture, OfHead(truth), ref mean);
        }

        return new Evaluation
        {
            Accuracy = _confusion.Accuracy,
            MeanLoss = mean.Loss,
            MeanIoU = _confusion.MeanIntersectionOverUnion,
            Count = _set.Count,
            Confusion = _confusion,
        };
    }

    private LabelMap OfHead(LabelMap map)
    {
        if (_labels is null)
            return map;
        int[] labels = [.. map.Labels];
        RelabelledSource.Replace(labels, _labels, _program.Model.IgnoredLabel);
        return new LabelMap(map.Height, map.Width, labels);
    }

    private void Score(ScaledPicture picture, LabelMap truth, ref RunningMean mean)
    {
        int classes = _program.TaskClasses, width = truth.Width, y = 0, counted = 0;
        double loss = 0, correct = 0;
        new SlidingSegmentation(_program, picture.Height, picture.Width, _stride).Run(picture.Pixels, (top, logits) =>
        {
            // A pixel of the label map meets the logits whose class NearestLabels would give it.
            int end = top + (logits.Length / classes / picture.Width);
            for (; y < truth.Height && NearestLabels.Source(y, truth.Height, picture.Height) is var from && from < end; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int pixel = ((from - top) * picture.Width) + NearestLabels.Source(x, width, picture.Width);
                    var score = PixelScores.Compare(
                        logits.Slice(pixel * classes, classes), truth.Labels.Slice((y * width) + x, 1), _program.Model.IgnoredLabel,
                        _confusion);
                    loss += score.Loss;
                    correct += score.Correct;
                    counted += score.Counted;
                }
            }
        });
        if (counted > 0)
            mean.Add(new ImageScore(loss / counted, correct / counted));
    }

    private void CheckLabels(LabelMap truth, string path)
    {
        int classes = _labels?.Length ?? _confusion.Classes;
        foreach (int label in truth.Labels)
        {
            if ((uint)label >= (uint)classes && label != _program.Model.IgnoredLabel)
            {
                string ignored = _program.Model.IgnoredLabel?.ToString(CultureInfo.InvariantCulture) ?? "none";
                string known = _labels is null
                    ? $"the task of {_program.Model.Name} has classes 0 to {classes - 1} and ignores {ignored}"
                    : $"the set has classes 0 to {classes - 1}, and the head ignores {ignored}";
                throw new ArgumentException(
                    $"{path} has pixels of class {label}, but {known}: "
                    + "name a class for each label where the set is read, or declare the head with the set's ignored label.");
            }
        }
    }
}
