using System.Numerics;

namespace VptDsl.Devices.Cpu;

/// <summary>The backward pass of attention in windows under way. An item is a head of an image: all its windows, in order.</summary>
/// <remarks>The formulas are those of <see cref="AttentionGradientJob"/>; a bias's gradient is the sum of its scores' gradients.</remarks>
internal unsafe struct WindowAttentionGradientJob
{
    private readonly WindowAttentionCall _call;
    private readonly WindowScores _scores;
    private readonly WindowKeys _keys;
    private readonly WindowGradientLayout _layout;
    private readonly WindowGradientSums _promptQueries;
    private readonly WindowGradientSums _promptKeys;
    private readonly WindowGradientSums _promptValues;
    private readonly WindowGradientSums _biases;
    private readonly float* _scratch;
    private readonly long _scratchStride;

    /// <summary>Prepares a call.</summary>
    public WindowAttentionGradientJob(in WindowAttentionCall call, CpuWorkers workers)
    {
        _call = call;
        int width = call.Heads * call.HeadDim, images = call.Images;
        _promptQueries = new(call.Query, call.OfPrompts ? call.QueryGradient : default, call.PromptQueries, width, images);
        _promptKeys = new(call.PromptKey, call.PromptKeyGradient, call.Prompts, width, images);
        _promptValues = new(call.PromptValue, call.PromptValueGradient, call.Prompts, width, images);
        _biases = new(call.Bias, call.BiasGradient, call.Places.Positions, call.Heads, images);
        float* memory = workers.Shared(
            WindowScores.BiasFloats(call) + _promptQueries.Floats + _promptKeys.Floats + _promptValues.Floats + _biases.Floats);
        _scores = WindowScores.Prepare(call, workers, memory);
        memory += WindowScores.BiasFloats(call);
        _promptQueries.Take(ref memory);
        _promptKeys.Take(ref memory);
        _promptValues.Take(ref memory);
        _biases.Take(ref memory);

        // With the sums at hand, prompts can be differentiated without a look at the tokens.
        bool needsTokens = call.QueryGradient.IsPresent || call.KeyGradient.IsPresent || call.ValueGradient.IsPresent || _biases.IsWanted;
        _keys = new WindowKeys(needsTokens ? call.Places.Tokens : 0, call.Prompts, call.HeadDim);
        _layout = new WindowGradientLayout(call, _keys);
        _scratch = workers.Scratch(_layout.Floats, out _scratchStride);
        Items = images * call.Heads;
    }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    private readonly bool NeedsScores =>
        _call.QueryGradient.IsPresent || _call.KeyGradient.IsPresent || _promptKeys.IsWanted || _biases.IsWanted;

    /// <summary>Computes an item of the job that the context points to.</summary>
    public static void RunItem(void* context, int item) => ((WindowAttentionGradientJob*)context)->Run(item);

    /// <summary>Completes the gradients that all images share, after all items.</summary>
    public readonly void AddImages(CpuWorkers workers)
    {
        _promptQueries.AddImages(workers);
        _promptKeys.AddImages(workers);
        _promptValues.AddImages(workers);
        _biases.AddImages(workers);
    }

    private readonly void Run(int item)
    {
        int head = item % _call.Heads;
        int image = item / _call.Heads;
        int column = head * _call.HeadDim;
        float* scratch = _scratch + (CpuWorkers.Current * _scratchStride);
        if (_keys.Prompts > 0)
        {
            Pack(_call.PromptKey.RowsOf(image, column), _call.PromptValue.RowsOf(image, column), ofPrompts: true, scratch);
        }

        int windows = _call.Places.OnSide * _call.Places.OnSide;
        for (int window = 0; window < windows; window++)
        {
            RunWindow(image, head, window, scratch);
        }

        StorePromptSums(_promptKeys, image, column, scratch + _layout.KeySums);
        StorePromptSums(_promptValues, image, column, scratch + _layout.ValueSums);
        if (_biases.IsWanted)
        {
            WindowBias.Collect(_call.Places, scratch + _layout.BiasSums, 0, 1 / _call.Scale, _biases.Place(image, head));
        }
    }

    private readonly void Pack(in Matrix keys, in Matrix values, bool ofPrompts, float* scratch)
    {
        _keys.PackByToken(keys, ofPrompts, scratch + _layout.KeyTokens);
        _keys.PackByToken(values, ofPrompts, scratch + _layout.ValueTokens);
        if (_call.QueryGradient.IsPresent)
        {
            _keys.PackByColumn(keys, ofPrompts, scratch + _layout.KeyColumns);
        }
    }

    private readonly void RunWindow(int image, int head, int window, float* scratch)
    {
        int column = head * _call.HeadDim;
        if (_keys.Tokens > 0)
        {
            var keys = _scores.Gather(_call.Key, image, head, window, scratch + _layout.Rows);
            var values = _scores.Gather(_call.Value, image, head, window, scratch + _layout.Queries);
            Pack(keys, values, ofPrompts: false, scratch);
            _scores.FindOrigins(window, scratch + _layout.Origins);
        }

        var queries = _call.OfPrompts
            ? _call.Query.RowsOf(image, column)
            : _scores.Gather(_call.Query, image, head, window, scratch + _layout.Queries);
        var outputs = _call.OfPrompts
            ? new Matrix(_call.OutputGradient.RowsOf(image, column).Row(_call.OutputRow(window, 0)), _call.OutputGradient.RowStride)
            : _scores.Gather(_call.OutputGradient, image, head, window, scratch + _layout.Outputs);
        for (int first = 0, panel = 0; first < _call.QueriesOfWindow; first += MicroKernel.Columns, panel++)
        {
            float* probabilities = scratch + _layout.Probabilities + (panel * _layout.ScorePanel);
            float* scores = scratch + _layout.Scores + (panel * _layout.ScorePanel);
            ComputeScores(image, head, window, first, queries, outputs, probabilities, scores, scratch);
            if (_biases.IsWanted)
            {
                long floats = WindowBias.PanelFloats(_call.Places);
                AttentionScores.Add(scratch + _layout.BiasSums + (panel * floats), scores, floats, accumulate: window > 0);
            }

            if (_call.QueryGradient.IsPresent)
            {
                StoreQueryGradient(image, column, window, first, scores, scratch);
            }
        }

        AddProducts(
            outputs, _layout.Probabilities, _layout.ValueSums, _call.ValueGradient, _promptValues.IsWanted, image, column, window, scratch);
        AddProducts(queries, _layout.Scores, _layout.KeySums, _call.KeyGradient, _promptKeys.IsWanted, image, column, window, scratch);
    }

    private readonly void ComputeScores(
        int image, int head, int window, int first, in Matrix queries, in Matrix outputs, float* probabilities, float* scores,
        float* scratch)
    {
        int count = Math.Min(MicroKernel.Columns, _call.QueriesOfWindow - first);
        float* logSums = scratch + _layout.LogSums;
        float* deltas = scratch + _layout.Deltas;
        float* panel = scratch + _layout.Panel;
        var logSum = _call.LogSum.RowsOf(image, head);
        var output = _call.Output.RowsOf(image, head * _call.HeadDim);
        for (int lane = 0; lane < MicroKernel.Columns; lane++)
        {
            // Lanes without a query repeat the last one: finite, and never read.
            int query = first + Math.Min(lane, count - 1);
            int row = _call.OutputRow(window, query);
            logSums[lane] = *logSum.Row(row);
            deltas[lane] = NeedsScores ? Dot(output.Row(row), outputs.Row(query), _call.HeadDim) : 0;
        }

        Panels.FromRows(queries, first, count, 0, _call.HeadDim, MicroKernel.Columns, panel);
        _scores.Compute(_keys, scratch + _layout.KeyTokens, panel, head, window, first, scratch + _layout.Origins, probabilities);
        AttentionScores.Recompute(probabilities, _keys.Rows, count, _call.Scale, logSums);
        if (NeedsScores)
        {
            Panels.FromRows(outputs, first, count, 0, _call.HeadDim, MicroKernel.Columns, panel);
            _keys.Multiply(scratch + _layout.ValueTokens, panel, count, scores);
            AttentionScores.Differentiate(probabilities, scores, _keys.Rows, count, _call.Scale, deltas);
        }
    }

    private readonly void StoreQueryGradient(int image, int column, int window, int first, float* scores, float* scratch)
    {
        int columns = _call.HeadDim;
        int queries = Math.Min(MicroKernel.Columns, _call.QueriesOfWindow - first);
        float* results = scratch + _layout.Results;
        float* rows = scratch + _layout.Rows;
        _keys.Weigh(scratch + _layout.KeyColumns, scores, queries, results);
        Transpose.Copy(results, MicroKernel.Columns, columns, queries, rows, columns);
        var target = _call.OfPrompts ? _promptQueries.Place(image, column) : _call.QueryGradient.RowsOf(image, column);
        for (int q = 0; q < queries; q++)
        {
            float* destination = target.Row(_call.OfPrompts ? first + q : _call.Places.Row(window, first + q));
            Store(rows + (q * columns), destination, columns, accumulate: _call.OfPrompts && window > 0);
        }
    }

    // For each key: the sum over the window's queries of probability (or score gradient) times output gradient (or query).
    private readonly void AddProducts(
        in Matrix right, long left, long promptSums, in Matrix gradient, bool ofPrompts, int image, int column, int window, float* scratch)
    {
        if (!gradient.IsPresent && !ofPrompts)
        {
            return;
        }

        int queries = _call.QueriesOfWindow;
        float* packed = scratch + _layout.PackedRows;
        long stride = (long)queries * MicroKernel.Columns;
        Panels.FromColumns(right, 0, _call.HeadDim, 0, queries, MicroKernel.Columns, packed, stride);
        for (int key = 0; gradient.IsPresent && key < _keys.Tokens; key += MicroKernel.Rows)
        {
            int rows = Math.Min(MicroKernel.Rows, _keys.Tokens - key);
            float* scores = scratch + left + ((long)key * MicroKernel.Columns);
            for (int d = 0, panel = 0; d < _call.HeadDim; d += MicroKernel.Columns, panel++)
            {
                float* tile = scratch + _layout.Tile;
                AttentionScores.SumOverQueries(
                    scores, _layout.ScorePanel, rows, _call.HeadDim - d, queries, packed + (panel * stride), tile, accumulate: false);
                var place = gradient.RowsOf(image, column + d);
                for (int row = 0; row < rows; row++)
                {
                    float* destination = place.Row(_call.Places.Row(window, key + row));
                    Store(
                        tile + (row * MicroKernel.Columns),
                        destination,
                        Math.Min(MicroKernel.Columns, _call.HeadDim - d),
                        accumulate: false);
                }
            }
        }

        float* sums = scratch + promptSums;
        for (int key = 0; ofPrompts && key < _keys.Prompts; key += MicroKernel.Rows)
        {
            int rows = Math.Min(MicroKernel.Rows, _keys.Prompts - key);
            float* scores = scratch + left + ((long)(_keys.Tokens + key) * MicroKernel.Columns);
            for (int d = 0, panel = 0; d < _call.HeadDim; d += MicroKernel.Columns, panel++)
            {
                AttentionScores.SumOverQueries(
                    scores, _layout.ScorePanel, rows, _call.HeadDim - d, queries, packed + (panel * stride), sums, accumulate: window > 0);
                sums += ProductJob.TileFloats;
            }
        }
    }

    private readonly void StorePromptSums(in WindowGradientSums target, int image, int column, float* tile)
    {
        for (int key = 0; target.IsWanted && key < _keys.Prompts; key += MicroKernel.Rows)
        {
            int rows = Math.Min(MicroKernel.Rows, _keys.Prompts - key);
            for (int d = 0; d < _call.HeadDim; d += MicroKernel.Columns)
            {
                var place = target.Place(image, column + d);
                for (int row = 0; row < rows; row++)
                {
                    Store(
                        tile + (row * MicroKernel.Columns),
                        place.Row(key + row),
                        Math.Min(MicroKernel.Columns, _call.HeadDim - d),
                        accumulate: false);
                }

                tile += ProductJob.TileFloats;
            }
        }
    }

    private static void Store(float* source, float* destination, int count, bool accumulate)
    {
        for (int c = 0; c < count; c += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, count - c);
            var value = Lanes.Load(source + c, lanes);
            Lanes.Store(accumulate ? Lanes.Load(destination + c, lanes) + value : value, destination + c, lanes);
        }
    }

    private static float Dot(float* left, float* right, int count)
    {
        var sum = Vector<float>.Zero;
        for (int c = 0; c < count; c += Lanes.Width)
        {
            int lanes = Math.Min(Lanes.Width, count - c);
            sum += Lanes.Load(left + c, lanes) * Lanes.Load(right + c, lanes);
        }

        return Vector.Sum(sum);
    }
}
