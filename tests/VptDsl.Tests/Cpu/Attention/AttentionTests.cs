using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>
/// Attention over segments of tokens is right, forwards and backwards, for every size and for shared and batched operands; it touches
/// nothing else and does not depend on the threads.
/// </summary>
public class AttentionTests
{
    // Segments: tokens, negative where all images share them.
    public static TheoryData<int, int, int, int, bool, int[]> Cases() => new()
    {
        { 1, 1, 1, 1, false, [1] },
        { 1, 1, 8, 5, false, [5] },
        { 2, 3, 12, 33, false, [33, -7] },
        { 3, 2, 5, 1, false, [29, -1, 3] },
        { 2, 2, 16, 7, true, [13, -12] },
        { 17, 1, 8, 3, true, [2, -5] },
        { 9, 2, 3, 31, false, [-32, 1, -3, 12] },
        { 1, 4, 64, 65, false, [-24] },
        { 2, 2, 80, 70, false, [37, -50] },
        { 2, 1, 33, 130, false, [130] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_and_log_sums_match_the_reference(int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens)
    {
        using var set = new OperandSet(images, heads, headDim, queries, sharedQuery, tokens);
        var reference = set.Reference(null);
        Threads.AssertSameBits("forward", set.Forward, set.Output, set.LogSum);
        set.Output.AssertClose("output", (row, column) => reference.Output[row, column]);
        set.LogSum.AssertClose("log-sum", (row, column) => reference.LogSum[row, column]);
        set.AssertInputsUntouched();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_gradients_match_the_reference(int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens) =>
        CheckGradients(new OperandSet(images, heads, headDim, queries, sharedQuery, tokens), _ => true, _ => true, _ => true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Single_gradients_match_the_reference(int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens)
    {
        OperandSet Set() => new(images, heads, headDim, queries, sharedQuery, tokens);
        int last = tokens.Length - 1;
        CheckGradients(Set(), _ => true, _ => false, _ => false);
        CheckGradients(Set(), _ => false, i => i == last, _ => false);
        CheckGradients(Set(), _ => false, _ => false, i => i == last);
        CheckGradients(Set(), _ => false, i => i == last, i => i == last);
        CheckGradients(Set(), _ => true, i => i == 0, i => i == last);
        CheckGradients(Set(), _ => false, _ => false, _ => false);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_a_bias_output_and_gradients_match_the_reference(
        int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens)
    {
        OperandSet Set() => new(images, heads, headDim, queries, sharedQuery, tokens, biased: true);
        using (var set = Set())
        {
            var reference = set.Reference(null);
            Threads.AssertSameBits("forward", set.Forward, set.Output, set.LogSum);
            set.Output.AssertClose("output", (row, column) => reference.Output[row, column]);
            set.LogSum.AssertClose("log-sum", (row, column) => reference.LogSum[row, column]);
            set.AssertInputsUntouched();
        }

        CheckGradients(Set(), _ => true, _ => true, _ => true);
        CheckGradients(Set(), _ => true, _ => false, _ => false);
        CheckGradients(Set(), _ => false, i => i == tokens.Length - 1, i => i == 0);
        CheckGradients(Set(), _ => false, i => i > 0, i => i > 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_of_a_bias_matches_the_reference(
        int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens)
    {
        using var set = new OperandSet(images, heads, headDim, queries, sharedQuery, tokens, biased: true);
        using (var workers = new CpuWorkers(1))
        {
            set.Forward(workers);
        }

        var reference = set.Reference(set.OutputGradient);
        Threads.AssertSameBits("backward", set.BackwardOfBias, set.BiasGradient);
        set.BiasGradient.AssertClose("dBias", (row, column) => reference.BiasGradient[row, column], Tolerance);
        set.AssertInputsUntouched();
    }

    [Fact]
    public void Scores_of_any_size_leave_no_infinity()
    {
        using var set = new OperandSet(1, 1, 4, 3, false, [9]);
        for (int i = 0; i < 12; i++)
        {
            set.Query[i / 4, i % 4] *= 1e4f;
        }

        var reference = set.Reference(null);
        using var workers = new CpuWorkers(1);
        set.Forward(workers);
        set.Output.AssertClose("output", (row, column) => reference.Output[row, column], _ => 1e-2);
    }

    [Fact]
    public void Five_segments_are_refused()
    {
        using var set = new OperandSet(1, 1, 4, 3, false, [1, 1, 1, 1, 1]);
        using var workers = new CpuWorkers(1);
        Assert.Throws<ArgumentException>(() => set.Forward(workers));
    }

    private static void CheckGradients(OperandSet set, Func<int, bool> query, Func<int, bool> keys, Func<int, bool> values)
    {
        using (set)
        {
            using (var workers = new CpuWorkers(1))
            {
                set.Forward(workers);
            }

            var reference = set.Reference(set.OutputGradient);
            float[] untouched = set.QueryGradient.Values();
            Threads.AssertSameBits("backward", w => set.Backward(w, query(0), keys, values), set.Gradients);
            set.QueryGradient.AssertClose(
                "dQ", (row, column) => query(0) ? reference.QueryGradient[row, column] : untouched[(row * set.Width) + column], Tolerance);
            for (int i = 0; i < set.Segments; i++)
            {
                if (keys(i))
                {
                    set.KeyGradient(i).AssertClose($"dK {i}", (row, column) => reference.KeyGradients[i][row, column], Tolerance);
                }

                if (values(i))
                {
                    set.ValueGradient(i).AssertClose($"dV {i}", (row, column) => reference.ValueGradients[i][row, column], Tolerance);
                }
            }

            set.AssertInputsUntouched();
        }
    }

    private static double Tolerance(double expected) => 3e-5 * Math.Max(1, Math.Abs(expected));

    /// <summary>The operands of a call; queries, keys and values have room beside them, as in a fused buffer.</summary>
    private sealed class OperandSet : IDisposable
    {
        private readonly int _images;
        private readonly int _heads;
        private readonly int _headDim;
        private readonly (Operand Keys, Operand Values)[] _segments;
        private readonly (Operand Keys, Operand Values)[] _gradients;
        private readonly Operand? _bias;

        public OperandSet(int images, int heads, int headDim, int queries, bool sharedQuery, int[] tokens, bool biased = false)
        {
            var random = new Random((images * 100) + queries);
            (_images, _heads, _headDim) = (images, heads, headDim);
            Operand Make(int rows, bool shared) => new(random, images, rows, Width, rows % 5, rows % 3, shared);
            Query = Make(queries, sharedQuery);
            QueryGradient = Make(queries, sharedQuery);
            Output = Make(queries, false);
            OutputGradient = Make(queries, false);
            LogSum = new Operand(random, images, queries, heads, 1, 2);
            _segments = [.. tokens.Select(t => (Make(Math.Abs(t), t < 0), Make(Math.Abs(t), t < 0)))];
            _gradients = [.. tokens.Select(t => (Make(Math.Abs(t), t < 0), Make(Math.Abs(t), t < 0)))];
            Operand MakeBias() => new(random, 1, queries, heads * Math.Abs(tokens[0]), 3, 1, true);
            _bias = biased ? MakeBias() : null;
            BiasGradient = MakeBias();
        }

        public int Width => _heads * _headDim;

        public int Segments => _segments.Length;

        public Operand Query { get; }

        public Operand QueryGradient { get; }

        public Operand Output { get; }

        public Operand OutputGradient { get; }

        public Operand LogSum { get; }

        public Operand BiasGradient { get; }

        public Operand[] Gradients => [QueryGradient, .. _gradients.SelectMany(g => new[] { g.Keys, g.Values })];

        public Operand KeyGradient(int segment) => _gradients[segment].Keys;

        public Operand ValueGradient(int segment) => _gradients[segment].Values;

        public AttentionReference Reference(Operand? dOutput) => new(_images, _heads, _headDim, Query, _segments, _bias, dOutput);

        public void Forward(CpuWorkers workers) => Attentions.Forward(workers, new AttentionCall
        {
            Images = _images,
            Heads = _heads,
            HeadDim = _headDim,
            QueryRows = Query.RowsPerImage,
            Query = Query.Matrix,
            Segments = _segments.Select(s => new AttentionSegment(s.Keys.RowsPerImage, s.Keys.Matrix, s.Values.Matrix)).ToArray(),
            Bias = _bias?.Matrix ?? default,
            Output = Output.Matrix,
            LogSum = LogSum.Matrix,
        });

        public void Backward(CpuWorkers workers, bool query, Func<int, bool> keys, Func<int, bool> values) =>
            Attentions.Backward(workers, Gradient(query, [.. _segments.Select((s, i) => new AttentionSegment(
                s.Keys.RowsPerImage,
                s.Keys.Matrix,
                s.Values.Matrix,
                keys(i) ? KeyGradient(i).Matrix : default,
                values(i) ? ValueGradient(i).Matrix : default))]));

        public void BackwardOfBias(CpuWorkers workers)
        {
            var (keys, values) = _segments[0];
            Attentions.BackwardOfBias(
                workers, Gradient(query: false, [new(keys.RowsPerImage, keys.Matrix, values.Matrix)]), BiasGradient.Matrix);
        }

        public void AssertInputsUntouched()
        {
            foreach (var operand in All())
            {
                operand.AssertOnlyElementsWritten("attention operand");
            }
        }

        public void Dispose()
        {
            foreach (var operand in All())
            {
                operand.Dispose();
            }
        }

        private AttentionGradientCall Gradient(bool query, AttentionSegment[] segments) => new()
        {
            Images = _images,
            Heads = _heads,
            HeadDim = _headDim,
            QueryRows = Query.RowsPerImage,
            Query = Query.Matrix,
            Segments = segments,
            Bias = _bias?.Matrix ?? default,
            Output = Output.Matrix,
            LogSum = LogSum.Matrix,
            OutputGradient = OutputGradient.Matrix,
            QueryGradient = query ? QueryGradient.Matrix : default,
        };

        private IEnumerable<Operand> All() =>
        [
            Query, Output, OutputGradient, LogSum, BiasGradient, .. _bias is null ? [] : new[] { _bias },
            .. _segments.SelectMany(s => new[] { s.Keys, s.Values }), .. Gradients,
        ];
    }
}
