namespace VptDsl.Devices.Cpu;

/// <summary>What both passes of attention in windows do with a window: bring its rows together and score its keys.</summary>
internal readonly unsafe struct WindowScores
{
    private readonly WindowAttentionCall _call;
    private readonly float* _biases;

    private WindowScores(in WindowAttentionCall call, float* biases)
    {
        _call = call;
        _biases = call.Bias.IsPresent ? biases : null;
    }

    /// <summary>Prepares a call: spreads the biases.</summary>
    /// <param name="call">The call.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="biases">Room for <see cref="BiasFloats"/>.</param>
    public static WindowScores Prepare(in WindowAttentionCall call, CpuWorkers workers, float* biases)
    {
        var scores = new WindowScores(call, biases);
        if (scores._biases != null)
        {
            workers.Run(call.Heads, &SpreadBias, &scores);
        }

        return scores;
    }

    /// <summary>Floats of all heads' biases.</summary>
    public static long BiasFloats(in WindowAttentionCall call) =>
        call.Bias.IsPresent ? CpuWorkers.RoundUp(call.Heads * WindowBias.Floats(call.Places)) : 0;

    /// <summary>Floats that <see cref="FindOrigins"/> needs.</summary>
    public static long OriginFloats(in WindowAttentionCall call) => call.Places.Tokens + MicroKernel.Columns;

    /// <summary>Copies a head's columns of a window's tokens one below the other: [tokens, head dimension].</summary>
    public Matrix Gather(in Matrix matrix, int image, int head, int window, float* rows)
    {
        int columns = _call.HeadDim;
        float* first = matrix.Image(image) + (head * columns);
        for (int token = 0; token < _call.Places.Tokens; token++)
        {
            float* source = first + (_call.Places.Row(window, token) * matrix.RowStride);
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(rows + ((long)token * columns), columns));
        }

        return new Matrix(rows, columns);
    }

    /// <summary>For each token of a mixed window, a number that tells where it came from.</summary>
    public void FindOrigins(int window, float* origins)
    {
        if (!_call.OfPrompts && _call.Places.IsMixed(window))
        {
            for (int token = 0; token < _call.Places.Tokens; token++)
            {
                origins[token] = _call.Places.Origin(window, token);
            }
        }
    }

    /// <summary>Multiplies a panel of queries with the keys, and adds biases and masks; the scores still lack their scale.</summary>
    public void Compute(
        in WindowKeys keys, float* packedKeys, float* packedQueries, int head, int window, int first, float* origins, float* scores)
    {
        keys.Multiply(packedKeys, packedQueries, Math.Min(MicroKernel.Columns, _call.QueriesOfWindow - first), scores);
        if (_biases == null || keys.Tokens == 0)
        {
            return;
        }

        long panel = WindowBias.PanelFloats(_call.Places);
        float* biases = _biases + (head * WindowBias.Floats(_call.Places)) + (first / MicroKernel.Columns * panel);
        AttentionScores.Add(scores, biases, panel, accumulate: true);
        if (_call.Places.IsMixed(window))
        {
            WindowBias.Mask(scores, keys.Tokens, origins, origins + first, WindowPlaces.Masked / _call.Scale);
        }
    }

    // Scores are multiplied by their scale after the biases, so these are divided by it.
    private static void SpreadBias(void* context, int head)
    {
        ref var scores = ref *(WindowScores*)context;
        ref readonly var call = ref scores._call;
        WindowBias.Spread(call.Places, call.Bias, head, 1 / call.Scale, scores._biases + (head * WindowBias.Floats(call.Places)));
    }
}
