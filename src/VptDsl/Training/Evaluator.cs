using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Measures a program on a set, over and over if need be, with buffers that are allocated once.</summary>
internal sealed class Evaluator
{
    private readonly ModelProgram _program;
    private readonly IImageSource _source;
    private readonly BatchReader _reader;
    private readonly int _batchSize;
    private readonly float[] _logits;

    /// <summary>Prepares to measure.</summary>
    /// <param name="program">The program.</param>
    /// <param name="source">The set; it must fit the program, see <see cref="SourceCheck"/>.</param>
    /// <param name="batchSize">Images computed at a time. It changes nothing but time and memory.</param>
    public Evaluator(ModelProgram program, IImageSource source, int batchSize)
    {
        _program = program;
        _source = source;
        _batchSize = Math.Min(batchSize, source.Count);
        _reader = new BatchReader(source, _batchSize, transforms: [], seed: 0);
        _logits = new float[_batchSize * program.Model.Classes];
    }

    /// <summary>Runs the whole set through the program.</summary>
    /// <param name="confusion">Counts which class was taken for which, if wanted.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public RunningMean Run(ConfusionMatrix? confusion, CancellationToken cancellation)
    {
        var mean = default(RunningMean);
        for (int first = 0; first < _source.Count; first += _batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            _reader.ReadRange(first, Math.Min(_batchSize, _source.Count - first));
            _reader.SendTo(_program);
            _program.Infer();
            Score(_reader.Labels, ref mean, confusion);
        }

        return mean;
    }

    private void Score(ReadOnlySpan<int> labels, ref RunningMean mean, ConfusionMatrix? confusion)
    {
        int classes = _program.Model.Classes;
        _program.ReadLogits(_logits.AsSpan(0, labels.Length * classes));
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> logits = _logits.AsSpan(i * classes, classes);
            int predicted = ClassScores.Predicted(logits);
            mean.Add(ClassScores.CrossEntropy(logits, labels[i]), predicted == labels[i]);
            confusion?.Add(labels[i], predicted);
        }
    }
}
