namespace VptDsl.Devices.Cpu;

/// <summary>
/// The gradient of attention's bias under way: that of the first segment's scores, summed over the images. An item is a head of a panel of
/// queries: all images, in order.
/// </summary>
/// <remarks>The formulas are those of <see cref="AttentionGradientJob"/>.</remarks>
internal unsafe struct AttentionBiasGradientJob
{
    private readonly int _images;
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _queryRows;
    private readonly float _scale;
    private readonly Matrix _query;
    private readonly Matrix _output;
    private readonly Matrix _outputGradient;
    private readonly Matrix _logSum;
    private readonly Matrix _gradient;
    private readonly AttentionKeys _keys;
    private readonly AttentionBias _bias;
    private readonly float* _scratch;
    private readonly long _scratchStride;
    private readonly long _panel;
    private readonly long _scores;
    private readonly long _scorePanel;
    private readonly long _lanes;

    /// <summary>Prepares a call, which has a bias and one segment.</summary>
    public AttentionBiasGradientJob(in AttentionGradientCall call, in Matrix gradient, CpuWorkers workers)
    {
        _images = call.Images;
        _heads = call.Heads;
        _headDim = call.HeadDim;
        _queryRows = call.QueryRows;
        _scale = (float)(1 / Math.Sqrt(call.HeadDim));
        _query = call.Query;
        _output = call.Output;
        _outputGradient = call.OutputGradient;
        _logSum = call.LogSum;
        _gradient = gradient;
        _keys = new AttentionKeys(call.Segments);
        float* memory = workers.Shared(AttentionBias.FloatsOf(call.Bias, _heads, _queryRows, _keys.Rows));
        _bias = AttentionBias.Pack(call.Bias, _heads, _queryRows, _keys.Rows, _scale, workers, memory);
        Items = _heads * Panels.Count(_queryRows, MicroKernel.Columns);

        // Tokens, a panel of queries, then probabilities, their gradients and the sum of these, then two numbers a lane.
        _panel = CpuWorkers.RoundUp((long)_keys.Panels * _headDim * MicroKernel.Rows);
        _scores = _panel + CpuWorkers.RoundUp((long)_headDim * MicroKernel.Columns);
        _scorePanel = (long)(_keys.Rows + MicroKernel.Rows) * MicroKernel.Columns;
        _lanes = _scores + (3 * _scorePanel);
        _scratch = workers.Scratch(_lanes + (2 * MicroKernel.Columns), out _scratchStride);
    }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    /// <summary>Computes an item of the job that the context points to.</summary>
    public static void RunItem(void* context, int item) => ((AttentionBiasGradientJob*)context)->Run(item);

    private readonly void Run(int item)
    {
        int head = item % _heads;
        int first = item / _heads * MicroKernel.Columns;
        int queries = Math.Min(MicroKernel.Columns, _queryRows - first);
        float* probabilities = _scratch + (CpuWorkers.Current * _scratchStride) + _scores;
        float* scores = probabilities + _scorePanel;
        float* sums = scores + _scorePanel;
        for (int image = 0; image < _images; image++)
        {
            ComputeScores(image, head, first, queries, probabilities, scores);
            AttentionScores.Add(sums, scores, (long)_keys.Rows * MicroKernel.Columns, accumulate: image > 0);
        }

        var target = _gradient.FromColumn(head * _keys.Rows);
        Transpose.Copy(sums, MicroKernel.Columns, _keys.Rows, queries, target.Row(first), target.RowStride);
    }

    private readonly void ComputeScores(int image, int head, int first, int queries, float* probabilities, float* scores)
    {
        int column = head * _headDim;
        float* tokens = _scratch + (CpuWorkers.Current * _scratchStride);
        float* panel = tokens + _panel;
        float* logSums = tokens + _lanes;
        float* deltas = logSums + MicroKernel.Columns;
        var outputGradient = _outputGradient.RowsOf(image, column);
        var ahead = new RowPrefetch(_headDim);
        AttentionLanes.TakeLogSums(_logSum.RowsOf(image, head), first, queries, logSums);
        AttentionLanes.TakeDeltas(_output.RowsOf(image, column), outputGradient, first, queries, _headDim, deltas);

        _keys.GatherTokens(values: false, image, column, _headDim, tokens);
        Panels.FromRows(_query.RowsOf(image, column), first, queries, 0, _headDim, MicroKernel.Columns, panel);
        _keys.Multiply(tokens, panel, queries, _headDim, probabilities, ref ahead);
        _bias.AddTo(probabilities, head, first);
        AttentionScores.Recompute(probabilities, _keys.Rows, queries, _scale, logSums);

        _keys.GatherTokens(values: true, image, column, _headDim, tokens);
        Panels.FromRows(outputGradient, first, queries, 0, _headDim, MicroKernel.Columns, panel);
        _keys.Multiply(tokens, panel, queries, _headDim, scores, ref ahead);

        // The bias is added after the scores are scaled.
        AttentionScores.Differentiate(probabilities, scores, _keys.Rows, queries, scale: 1, deltas);
    }
}
