using VptDsl.Devices.Cpu;

namespace VptDsl.Benchmarks;

/// <summary>A routine at the size of ViT-B/16 with batch 8; operations are floating-point ones, or elements where that says more.</summary>
internal sealed unsafe record Routine(string Name, double Operations, Action<CpuWorkers> Run)
{
    private const int Images = 8;
    private const int Tokens = 197;
    private const int Prompts = 50;
    private const int Width = 768;
    private const int Heads = 12;

    /// <summary>Whether operations are floating-point ones.</summary>
    public bool IsArithmetic => !Name.EndsWith("(elements)", StringComparison.Ordinal);

    /// <summary>All routines, with operands of their own.</summary>
    public static IEnumerable<Routine> All()
    {
        const int rows = Images * Tokens;
        var x = ProductCase.Filled((long)rows * 4 * Width);
        var y = ProductCase.Filled((long)rows * 4 * Width);
        var gamma = ProductCase.Filled(Width);
        var sums = ProductCase.Filled(2 * Width);
        var stats = ProductCase.Filled(2L * rows);
        var wide = new Matrix(x.Data, 4 * Width);
        var wideOutput = new Matrix(y.Data, 4 * Width);
        var input = new Matrix(x.Data, Width);
        var output = new Matrix(y.Data, Width);
        var statsRows = new Matrix(stats.Data, 2);
        const double elements = (double)rows * Width;
        return
        [
            new("gelu 1576x3072 (elements)", 4 * elements, w =>
                Activations.Apply(ActivationKind.Gelu, w, rows, 4 * Width, wide, wideOutput)),
            new("gelu gradient 1576x3072 (elements)", 4 * elements, w =>
                Activations.Gradient(ActivationKind.Gelu, w, rows, 4 * Width, wide, wide, wideOutput)),
            new("layernorm 1576x768 (elements)", elements, w =>
                LayerNorms.Forward(w, rows, Width, input, gamma.Data, gamma.Data, 1e-6f, output, statsRows)),
            new("layernorm input gradient (elements)", elements, w =>
                LayerNorms.InputGradient(w, rows, Width, input, input, statsRows, gamma.Data, output, input)),
            new("layernorm parameter gradients (elements)", elements, w =>
                LayerNorms.ParameterGradients(w, rows, Width, input, input, statsRows, sums.Data, sums.Data + Width)),
            new("add 1576x768 (elements)", elements, w => Elementwise.Add(w, rows, Width, input, input, output)),
            new("sum rows 1576x768 (elements)", elements, w => Sums.OverRows(w, rows, Width, input, sums.Data)),
            .. Attention(Tokens, "197 x (197+50)"),
            .. Attention(1, "1 x (197+50)"),
        ];
    }

    private static IEnumerable<Routine> Attention(int queries, string name)
    {
        var qkv = ProductCase.Filled((long)Images * Tokens * 3 * Width);
        var dQkv = ProductCase.Filled((long)Images * Tokens * 3 * Width);
        var prompts = ProductCase.Filled((long)Prompts * 2 * Width);
        var dPrompts = ProductCase.Filled((long)Prompts * 2 * Width);
        var o = ProductCase.Filled((long)Images * Tokens * Width);
        var sums = ProductCase.Filled((long)Images * Tokens * Heads);
        var fused = new Matrix(qkv.Data, Tokens, Tokens * 3L * Width, 3 * Width);
        var dFused = new Matrix(dQkv.Data, Tokens, Tokens * 3L * Width, 3 * Width);
        var shared = new Matrix(prompts.Data, Prompts, 0, 2 * Width);
        var dShared = new Matrix(dPrompts.Data, Prompts, 0, 2 * Width);
        var output = new Matrix(o.Data, queries, (long)queries * Width, Width);
        var logSum = new Matrix(sums.Data, queries, (long)queries * Heads, Heads);
        double product = 2.0 * Images * queries * (Tokens + Prompts) * Width;
        double promptProduct = 2.0 * Images * queries * Prompts * Width;
        return
        [
            new($"attention {name}", 2 * product, w => Attentions.Forward(w, new AttentionCall
            {
                Images = Images,
                Heads = Heads,
                HeadDim = Width / Heads,
                QueryRows = queries,
                Query = fused,
                Segments =
                [
                    new(Tokens, fused.FromColumn(Width), fused.FromColumn(2 * Width)),
                    new(Prompts, shared, shared.FromColumn(Width)),
                ],
                Output = output,
                LogSum = logSum,
            })),
            new($"attention gradient {name}", 5 * product, w => Attentions.Backward(w, new AttentionGradientCall
            {
                Images = Images,
                Heads = Heads,
                HeadDim = Width / Heads,
                QueryRows = queries,
                Query = fused,
                QueryGradient = dFused,
                Segments =
                [
                    new(
                        Tokens, fused.FromColumn(Width), fused.FromColumn(2 * Width), dFused.FromColumn(Width),
                        dFused.FromColumn(2 * Width)),
                    new(Prompts, shared, shared.FromColumn(Width), dShared, dShared.FromColumn(Width)),
                ],
                Output = output,
                LogSum = logSum,
                OutputGradient = output,
            })),
            new($"attention gradient {name}, prompts only", 4 * promptProduct, w => Attentions.Backward(w, new AttentionGradientCall
            {
                Images = Images,
                Heads = Heads,
                HeadDim = Width / Heads,
                QueryRows = queries,
                Query = fused,
                Segments =
                [
                    new(Tokens, fused.FromColumn(Width), fused.FromColumn(2 * Width)),
                    new(Prompts, shared, shared.FromColumn(Width), dShared, dShared.FromColumn(Width)),
                ],
                Output = output,
                LogSum = logSum,
                OutputGradient = output,
            })),
        ];
    }
}
