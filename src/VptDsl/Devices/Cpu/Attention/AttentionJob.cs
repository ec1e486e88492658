namespace VptDsl.Devices.Cpu;

/// <summary>The forward pass of attention under way.</summary>
internal unsafe struct AttentionJob
{
    private readonly int _heads;
    private readonly int _headDim;
    private readonly int _queryRows;
    private readonly float _scale;
    private readonly Matrix _query;
    private readonly Matrix _output;
    private readonly Matrix _logSum;
    private readonly AttentionKeys _keys;
    private readonly AttentionBias _bias;

    // Query panels of a head are split between items only if there are too few heads for the threads.
    private readonly int _splits;

    private readonly int _itemsAtATime;
    private readonly float* _scratch;
    private readonly long _scratchStride;
    private readonly long _values;
    private readonly long _queries;
    private readonly long _scores;
    private readonly long _results;
    private readonly long _lanes;

    /// <summary>Prepares a call.</summary>
    public AttentionJob(in AttentionCall call, CpuWorkers workers)
    {
        _heads = call.Heads;
        _headDim = call.HeadDim;
        _queryRows = call.QueryRows;
        _scale = (float)(1 / Math.Sqrt(call.HeadDim));
        _query = call.Query;
        _output = call.Output;
        _logSum = call.LogSum;
        _keys = new AttentionKeys(call.Segments);
        float* memory = workers.Shared(AttentionBias.FloatsOf(call.Bias, _heads, _queryRows, call.Segments[0].Rows));
        _bias = AttentionBias.Pack(call.Bias, _heads, _queryRows, call.Segments[0].Rows, _scale, workers, memory);

        int heads = call.Images * call.Heads;
        int panels = Panels.Count(_queryRows, MicroKernel.Columns);
        _splits = Math.Clamp(2 * workers.Threads / heads, 1, panels);
        Items = heads * _splits;
        _itemsAtATime = workers.Threads;

        _values = (long)_keys.Panels * _headDim * MicroKernel.Rows;
        _queries = CpuWorkers.RoundUp(2 * _values);
        _scores = _queries + ((long)_headDim * MicroKernel.Columns);
        _results = _scores + ((long)(_keys.Rows + MicroKernel.Rows) * MicroKernel.Columns);
        _lanes = _results + ((long)(_headDim + MicroKernel.Rows) * MicroKernel.Columns);
        _scratch = workers.Scratch(_lanes + (2 * MicroKernel.Columns), out _scratchStride);
    }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    /// <summary>Computes an item of the job that the context points to.</summary>
    public static void RunItem(void* context, int item) => ((AttentionJob*)context)->Run(item);

    private readonly void Run(int item)
    {
        int split = item % _splits;
        int head = item / _splits % _heads;
        int image = item / _splits / _heads;
        int column = head * _headDim;
        float* scratch = _scratch + (CpuWorkers.Current * _scratchStride);
        _keys.GatherTokens(values: false, image, column, _headDim, scratch);
        _keys.GatherTokens(values: true, image, column, _headDim, scratch + _values);

        var ahead = FetchedDuring(item);
        int step = MicroKernel.Columns * _splits;
        ahead.SpreadOver(Math.Max(1, _queryRows / step) * _keys.Panels);
        for (int first = split * MicroKernel.Columns; first < _queryRows; first += step)
        {
            RunPanel(image, head, column, first, scratch, ref ahead);
        }
    }

    // What the thread will probably read next: threads take items in turn.
    private readonly RowPrefetch FetchedDuring(int item)
    {
        var ahead = new RowPrefetch(_headDim);
        int next = (item / _splits) + _itemsAtATime;
        if (next < Items / _splits)
        {
            int image = next / _heads, column = next % _heads * _headDim;
            ahead.Add(_query.RowsOf(image, column), _queryRows);
            ahead.Add(_output.RowsOf(image, column), _queryRows);
            _keys.AddTo(ref ahead, image, column);
        }

        return ahead;
    }

    private readonly void RunPanel(int image, int head, int column, int first, float* scratch, ref RowPrefetch ahead)
    {
        int queries = Math.Min(MicroKernel.Columns, _queryRows - first);
        float* scores = scratch + _scores;
        float* results = scratch + _results;
        float* maxima = scratch + _lanes;
        float* sums = maxima + MicroKernel.Columns;

        var query = _query.RowsOf(image, column);
        Panels.FromRows(query, first, queries, 0, _headDim, MicroKernel.Columns, scratch + _queries);
        _keys.Multiply(scratch, scratch + _queries, queries, _headDim, scores, ref ahead);
        _bias.AddTo(scores, head, first);
        AttentionScores.Exponentiate(scores, _keys.Rows, queries, _scale, maxima, sums);

        _keys.Weigh(scratch + _values, scores, queries, _headDim, results);
        AttentionScores.Normalize(results, _headDim, queries, sums);
        var output = _output.RowsOf(image, column);
        Transpose.Copy(results, MicroKernel.Columns, _headDim, queries, output.Row(first), output.RowStride);
        if (_logSum.IsPresent)
        {
            var logSum = _logSum.RowsOf(image, head);
            for (int q = 0; q < queries; q++)
            {
                *logSum.Row(first + q) = maxima[q] + MathF.Log(sums[q]);
            }
        }
    }
}
