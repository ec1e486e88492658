namespace VptDsl.Devices.Cpu;

/// <summary>The backward pass of attention under way. An item is a head of a group of images.</summary>
/// <remarks>
/// With p the probabilities, recomputed from the log-sums, and delta = sum over columns of dO * O:
/// dV = pᵀ dO, dp = dO Vᵀ, ds = p (dp - delta) scale, dQ = ds K, dK = dsᵀ Q.
/// </remarks>
internal unsafe struct AttentionGradientJob
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
    private readonly AttentionKeys _keys;
    private readonly AttentionBias _bias;
    private readonly AttentionGradientTargets _targets;
    private readonly AttentionGradientLayout _layout;
    private readonly bool _needsScores;
    private readonly int _itemsAtATime;
    private readonly float* _scratch;
    private readonly long _scratchStride;

    /// <summary>Prepares a call.</summary>
    public AttentionGradientJob(in AttentionGradientCall call, CpuWorkers workers)
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

        // The queries' gradient needs every key, the others only their own segment.
        bool needsQueries = call.QueryGradient.IsPresent;
        _needsScores = needsQueries;
        int wanted = 0;
        for (int i = 0; i < call.Segments.Length; i++)
        {
            ref readonly var segment = ref call.Segments[i];
            _needsScores |= segment.KeyGradient.IsPresent;
            wanted |= needsQueries || segment.KeyGradient.IsPresent || segment.ValueGradient.IsPresent ? 1 << i : 0;
        }

        _keys = new AttentionKeys(call.Segments, wanted);
        _targets = new AttentionGradientTargets(call, _keys);

        // Without the first segment's tokens there is nothing that the bias is added to.
        var bias = (wanted & 1) != 0 ? call.Bias : default;
        int biased = call.Segments[0].Rows;
        long biasFloats = AttentionBias.FloatsOf(bias, _heads, _queryRows, biased);
        float* memory = workers.Shared(biasFloats + _targets.SumFloats);
        _bias = AttentionBias.Pack(bias, _heads, _queryRows, biased, _scale, workers, memory);
        _targets.TakeSums(memory + biasFloats);
        _layout = new AttentionGradientLayout(_keys, _headDim, _needsScores, needsQueries);
        _scratch = workers.Scratch(_layout.Floats, out _scratchStride);
        Items = wanted == 0 ? 0 : _targets.Groups * _heads;
        _itemsAtATime = workers.Threads;
    }

    /// <summary>The number of items; 0 if no gradient is wanted.</summary>
    public int Items { get; }

    /// <summary>Computes an item of the job that the context points to.</summary>
    public static void RunItem(void* context, int item) => ((AttentionGradientJob*)context)->Run(item);

    /// <summary>Completes the gradients that all images share, after all items.</summary>
    public readonly void AddGroups(CpuWorkers workers) => _targets.AddGroups(workers);

    private readonly void Run(int item)
    {
        int group = item / _heads;
        int head = item % _heads;
        int firstImage = group * _targets.ImagesPerGroup;
        int endImage = Math.Min(_images, firstImage + _targets.ImagesPerGroup);
        float* scratch = _scratch + (CpuWorkers.Current * _scratchStride);
        for (int image = firstImage; image < endImage; image++)
        {
            var ahead = image + 1 < endImage ? FetchedBefore(image + 1, head) : FetchedBeforeItem(item + _itemsAtATime);
            RunImage(image, group, head, image == firstImage, scratch, ref ahead);
            StoreSums(image, group, head, image == endImage - 1, scratch);
        }
    }

    // Threads take items in turn, so that this is probably the thread's next.
    private readonly RowPrefetch FetchedBeforeItem(int item) =>
        item < Items ? FetchedBefore(item / _heads * _targets.ImagesPerGroup, item % _heads) : default;

    private readonly RowPrefetch FetchedBefore(int image, int head)
    {
        var ahead = new RowPrefetch(_headDim);
        int column = head * _headDim;
        ahead.Add(_query.RowsOf(image, column), _queryRows);
        ahead.Add(_outputGradient.RowsOf(image, column), _queryRows);
        if (_needsScores)
        {
            ahead.Add(_output.RowsOf(image, column), _queryRows);
        }

        _keys.AddTo(ref ahead, image, column);
        return ahead;
    }

    private readonly void RunImage(int image, int group, int head, bool isFirst, float* scratch, ref RowPrefetch ahead)
    {
        int column = head * _headDim;
        ahead.SpreadOver(Panels.Count(_queryRows, MicroKernel.Columns) * _keys.Panels * (_needsScores ? 2 : 1));
        bool needsQueries = _targets.Queries.Gradient.IsPresent;
        _keys.GatherTokens(values: false, image, column, _headDim, scratch + _layout.KeyTokens);
        if (_needsScores)
        {
            _keys.GatherTokens(values: true, image, column, _headDim, scratch + _layout.ValueTokens);
        }

        for (int first = 0; first < _queryRows; first += AttentionGradientLayout.BlockRows)
        {
            int queries = Math.Min(AttentionGradientLayout.BlockRows, _queryRows - first);
            float* probabilities = scratch + _layout.Probabilities;
            float* scores = scratch + _layout.Scores;
            for (int q = 0; q < queries; q += MicroKernel.Columns)
            {
                ComputeScores(image, head, first + q, probabilities, scores, scratch, ref ahead);
                if (needsQueries)
                {
                    StoreQueryGradient(image, group, column, first + q, isFirst, scores, scratch);
                }

                probabilities += _layout.ScorePanel;
                scores += _layout.ScorePanel;
            }

            AddToSums(values: true, image, column, first, queries, isFirst, scratch);
            AddToSums(values: false, image, column, first, queries, isFirst, scratch);
        }
    }

    private readonly void ComputeScores(
        int image, int head, int first, float* probabilities, float* scores, float* scratch, ref RowPrefetch ahead)
    {
        int column = head * _headDim;
        int queries = Math.Min(MicroKernel.Columns, _queryRows - first);
        float* logSums = scratch + _layout.LogSums;
        float* deltas = scratch + _layout.Deltas;
        float* panel = scratch + _layout.Panel;
        var query = _query.RowsOf(image, column);
        var outputGradient = _outputGradient.RowsOf(image, column);
        AttentionLanes.TakeLogSums(_logSum.RowsOf(image, head), first, queries, logSums);
        Panels.FromRows(query, first, queries, 0, _headDim, MicroKernel.Columns, panel);
        _keys.Multiply(scratch + _layout.KeyTokens, panel, queries, _headDim, probabilities, ref ahead);
        _bias.AddTo(probabilities, head, first);
        AttentionScores.Recompute(probabilities, _keys.Rows, queries, _scale, logSums);
        if (_needsScores)
        {
            AttentionLanes.TakeDeltas(_output.RowsOf(image, column), outputGradient, first, queries, _headDim, deltas);
            Panels.FromRows(outputGradient, first, queries, 0, _headDim, MicroKernel.Columns, panel);
            _keys.Multiply(scratch + _layout.ValueTokens, panel, queries, _headDim, scores, ref ahead);
            AttentionScores.Differentiate(probabilities, scores, _keys.Rows, queries, _scale, deltas);
        }
    }

    private readonly void StoreQueryGradient(int image, int group, int column, int first, bool isFirst, float* scores, float* scratch)
    {
        float* results = scratch + _layout.Results;
        int queries = Math.Min(MicroKernel.Columns, _queryRows - first);
        _keys.Weigh(scratch + _layout.KeyTokens, scores, queries, _headDim, results);
        ref readonly var target = ref _targets.Queries;
        var place = target.Place(image, group, column);
        if (!target.IsShared || isFirst)
        {
            Transpose.Copy(results, MicroKernel.Columns, _headDim, queries, place.Row(first), place.RowStride);
            return;
        }

        float* transposed = scratch + _layout.Panel;
        Transpose.Copy(results, MicroKernel.Columns, _headDim, queries, transposed, _headDim);
        for (int q = 0; q < queries; q++)
        {
            Add(transposed + (q * _headDim), place.Row(first + q), _headDim);
        }
    }

    // sums[key, column] += sum over the block's queries of probabilities (or scores) times output gradients (or queries).
    private readonly void AddToSums(bool values, int image, int column, int first, int queries, bool isFirst, float* scratch)
    {
        float* block = scratch + (values ? _layout.Probabilities : _layout.Scores);
        float* right = scratch + (values ? _layout.Outputs : _layout.Queries);
        float* tile = scratch + (values ? _layout.ValueSums : _layout.KeySums);
        long rightStride = (long)queries * MicroKernel.Columns;
        bool isPacked = false;
        for (int segment = 0; segment < _keys.Segments; segment++)
        {
            ref readonly var target = ref values ? ref _targets.Values(segment) : ref _targets.Keys(segment);
            if (target.Gradient.IsPresent && !isPacked)
            {
                var matrix = (values ? _outputGradient : _query).RowsOf(image, column);
                Panels.FromColumns(matrix, 0, _headDim, first, queries, MicroKernel.Columns, right, rightStride);
                isPacked = true;
            }

            bool accumulate = first > 0 || (target.IsShared && !isFirst);
            for (int key = 0; target.Gradient.IsPresent && key < target.Rows; key += MicroKernel.Rows)
            {
                int rows = Math.Min(MicroKernel.Rows, target.Rows - key);
                float* rightPanel = right;
                for (int d = 0; d < _headDim; d += MicroKernel.Columns)
                {
                    float* scores = block + ((long)key * MicroKernel.Columns);
                    int columns = _headDim - d;
                    AttentionScores.SumOverQueries(scores, _layout.ScorePanel, rows, columns, queries, rightPanel, tile, accumulate);
                    rightPanel += rightStride;
                    tile += ProductJob.TileFloats;
                }
            }

            block += (long)target.Rows * MicroKernel.Columns;
        }
    }

    private readonly void StoreSums(int image, int group, int head, bool isLast, float* scratch)
    {
        int column = head * _headDim;
        float* keySums = scratch + _layout.KeySums;
        float* valueSums = scratch + _layout.ValueSums;
        for (int segment = 0; segment < _keys.Segments; segment++)
        {
            StoreTiles(_targets.Keys(segment), image, group, column, isLast, ref keySums);
            StoreTiles(_targets.Values(segment), image, group, column, isLast, ref valueSums);
        }
    }

    private readonly void StoreTiles(
        in AttentionGradientTarget target, int image, int group, int column, bool isLast, ref float* tiles)
    {
        if (!target.Gradient.IsPresent)
        {
            return;
        }

        var place = target.Place(image, group, column);
        bool complete = !target.IsShared || isLast;
        for (int key = 0; key < target.Rows; key += MicroKernel.Rows)
        {
            int rows = Math.Min(MicroKernel.Rows, target.Rows - key);
            for (int d = 0; d < _headDim; d += MicroKernel.Columns)
            {
                int columns = Math.Min(MicroKernel.Columns, _headDim - d);
                for (int row = 0; complete && row < rows; row++)
                {
                    new ReadOnlySpan<float>(tiles + (row * MicroKernel.Columns), columns)
                        .CopyTo(new Span<float>(place.Row(key + row) + d, columns));
                }

                tiles += ProductJob.TileFloats;
            }
        }
    }

    private static void Add(float* source, float* sum, int count)
    {
        for (int i = 0; i < count; i += Lanes.Width)
        {
            int rest = Math.Min(Lanes.Width, count - i);
            Lanes.Store(Lanes.Load(source + i, rest) + Lanes.Load(sum + i, rest), sum + i, rest);
        }
    }
}
