namespace VptDsl.Devices.Cpu;

/// <summary>The forward pass of attention in windows under way. An item is a head of a row of windows of an image.</summary>
internal unsafe struct WindowAttentionJob
{
    private readonly WindowAttentionCall _call;
    private readonly WindowScores _scores;
    private readonly WindowKeys _keys;
    private readonly float* _scratch;
    private readonly long _scratchStride;
    private readonly long _rows;
    private readonly long _values;
    private readonly long _queries;
    private readonly long _products;
    private readonly long _results;
    private readonly long _lanes;
    private readonly long _origins;

    /// <summary>Prepares a call.</summary>
    public WindowAttentionJob(in WindowAttentionCall call, CpuWorkers workers)
    {
        _call = call;
        _scores = WindowScores.Prepare(call, workers, workers.Shared(WindowScores.BiasFloats(call)));
        _keys = new WindowKeys(call.Places.Tokens, call.Prompts, call.HeadDim);
        Items = call.Images * call.Heads * call.Places.OnSide;

        long end = 0;
        long Take(long floats)
        {
            long start = end;
            end += CpuWorkers.RoundUp(floats);
            return start;
        }

        Take(_keys.FloatsByToken);
        _values = Take(_keys.FloatsByColumn);
        _rows = Take((long)Math.Max(call.Places.Tokens, MicroKernel.Columns) * call.HeadDim);
        _queries = Take((long)call.HeadDim * MicroKernel.Columns);
        _products = Take((long)(_keys.Rows + MicroKernel.Rows) * MicroKernel.Columns);
        _results = Take((long)(call.HeadDim + MicroKernel.Rows) * MicroKernel.Columns);
        _lanes = Take((2 + call.HeadDim) * MicroKernel.Columns);
        _origins = Take(WindowScores.OriginFloats(call));
        _scratch = workers.Scratch(end, out _scratchStride);
    }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    /// <summary>Computes an item of the job that the context points to.</summary>
    public static void RunItem(void* context, int item) => ((WindowAttentionJob*)context)->Run(item);

    private readonly void Run(int item)
    {
        int row = item % _call.Places.OnSide;
        int head = item / _call.Places.OnSide % _call.Heads;
        int image = item / _call.Places.OnSide / _call.Heads;
        float* scratch = _scratch + (CpuWorkers.Current * _scratchStride);
        if (_call.Prompts > 0)
        {
            int column = head * _call.HeadDim;
            _keys.PackByToken(_call.PromptKey.RowsOf(image, column), ofPrompts: true, scratch);
            _keys.PackByColumn(_call.PromptValue.RowsOf(image, column), ofPrompts: true, scratch + _values);
        }

        int first = row * _call.Places.OnSide;
        for (int window = first; window < first + _call.Places.OnSide; window++)
        {
            RunWindow(image, head, window, scratch);
        }
    }

    private readonly void RunWindow(int image, int head, int window, float* scratch)
    {
        float* rows = scratch + _rows;
        _keys.PackByToken(_scores.Gather(_call.Key, image, head, window, rows), ofPrompts: false, scratch);
        _keys.PackByColumn(_scores.Gather(_call.Value, image, head, window, rows), ofPrompts: false, scratch + _values);
        _scores.FindOrigins(window, scratch + _origins);
        var query = _call.OfPrompts
            ? _call.Query.RowsOf(image, head * _call.HeadDim)
            : _scores.Gather(_call.Query, image, head, window, rows);
        for (int first = 0; first < _call.QueriesOfWindow; first += MicroKernel.Columns)
        {
            RunPanel(image, head, window, query, first, scratch);
        }
    }

    private readonly void RunPanel(int image, int head, int window, in Matrix query, int first, float* scratch)
    {
        int queries = Math.Min(MicroKernel.Columns, _call.QueriesOfWindow - first);
        float* products = scratch + _products;
        float* results = scratch + _results;
        float* maxima = scratch + _lanes;
        float* sums = maxima + MicroKernel.Columns;
        float* rows = sums + MicroKernel.Columns;
        Panels.FromRows(query, first, queries, 0, _call.HeadDim, MicroKernel.Columns, scratch + _queries);
        _scores.Compute(_keys, scratch, scratch + _queries, head, window, first, scratch + _origins, products);
        AttentionScores.Exponentiate(products, _keys.Rows, queries, _call.Scale, maxima, sums);
        _keys.Weigh(scratch + _values, products, queries, results);
        AttentionScores.Normalize(results, _call.HeadDim, queries, sums);
        Transpose.Copy(results, MicroKernel.Columns, _call.HeadDim, queries, rows, _call.HeadDim);

        var output = _call.Output.RowsOf(image, head * _call.HeadDim);
        for (int q = 0; q < queries; q++)
        {
            int row = _call.OutputRow(window, first + q);
            new ReadOnlySpan<float>(rows + (q * _call.HeadDim), _call.HeadDim).CopyTo(new Span<float>(output.Row(row), _call.HeadDim));
            if (_call.LogSum.IsPresent)
            {
                *_call.LogSum.RowsOf(image, head).Row(row) = maxima[q] + MathF.Log(sums[q]);
            }
        }
    }
}
