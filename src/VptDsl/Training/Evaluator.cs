using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Measures a program on a set, over and over if need be, with buffers that are allocated once.</summary>
internal sealed class Evaluator
{
    private readonly ModelProgram _program;
    private readonly IImageSource _source;
    private readonly FeatureCache _cache;
    private readonly int[] _indices;
    private readonly float[] _logits;

    /// <summary>Prepares to measure.</summary>
    /// <param name="program">The program.</param>
    /// <param name="source">The set; it must fit the program, see <see cref="SourceCheck"/>.</param>
    /// <param name="batchSize">Images computed at a time. It changes nothing but time and memory.</param>
    /// <param name="featureBudget">The bytes that kept features may take; what is used is taken off.</param>
    public Evaluator(ModelProgram program, IImageSource source, int batchSize, ref long featureBudget)
    {
        _program = program;
        _source = source;
        int largest = Math.Min(batchSize, source.Count);
        _indices = new int[largest];
        _cache = new FeatureCache(program, source, new BatchReader(source, largest, transforms: [], seed: 0), largest, ref featureBudget);
        _logits = new float[largest * program.Model.Classes];
    }

    /// <summary>Runs the whole set through the program.</summary>
    /// <param name="confusion">Counts which class was taken for which, if wanted.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public RunningMean Run(ConfusionMatrix? confusion, CancellationToken cancellation)
    {
        var mean = default(RunningMean);
        for (int first = 0; first < _source.Count; first += _indices.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<int> indices = _indices.AsSpan(0, Math.Min(_indices.Length, _source.Count - first));
            for (int i = 0; i < indices.Length; i++)
                indices[i] = first + i;
            ReadOnlySpan<int> labels = _cache.Put(indices, epoch: 0);
            _program.Infer();
            Score(labels, ref mean, confusion);
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
