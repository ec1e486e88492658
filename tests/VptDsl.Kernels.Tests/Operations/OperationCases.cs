using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Every operation that a step can be, with the shapes that are most likely to go wrong: primes, ones, no batch.</summary>
internal static class OperationCases
{
    /// <summary>Cases about groups of threads, which are run on every device that has them.</summary>
    public static IReadOnlyList<OperationCase> OfGroups { get; } =
    [
        .. ReductionCases.Draw(new LayoutDraw(new Random(20263))),
        .. AlignedCases.Draw(),
        .. AlignedCases.DrawRows(),
        .. TileEdgeCases.Draw(new LayoutDraw(new Random(20271))),
        .. BiasedAttentionCases.Draw(new LayoutDraw(new Random(20311))),
    ];

    public static IReadOnlyList<OperationCase> All { get; } = Draw().ToArray();

    private static IEnumerable<OperationCase> Draw()
    {
        var draw = new LayoutDraw(new Random(20231));
        return Products(draw).Concat(Norms(draw)).Concat(Attentions(draw)).Concat(Windows(draw)).Concat(Groups(draw)).Concat(Maps(draw))
            .Concat(Sums(draw)).Concat(Ends(draw)).Concat(ImageCases.Draw(draw)).Concat(HeadCases.Draw(draw)).Concat(PairCases.Draw(draw))
            .Concat(OfGroups);
    }

    private static IEnumerable<OperationCase> Products(LayoutDraw draw)
    {
        yield return draw.Case("linear", new Product(ProductLayout.NT, Epilogue.None), [PerImage(5, 7), Shared(11, 7)], [true, false]);
        yield return draw.Case(
            "linear of one row and column",
            new Product(ProductLayout.NT, Epilogue.WithBias),
            [PerImage(1, 7), Shared(1, 7), Shared(1, 1)],
            [true, false]);
        yield return draw.Case(
            "linear over one feature",
            new Product(ProductLayout.NT, Epilogue.WithBias),
            [PerImage(3, 1), Shared(2, 1), Shared(1, 2)],
            [true, false]);
        yield return draw.Case(
            "linear of prompts",
            new Product(ProductLayout.NT, Epilogue.WithBias),
            [Shared(3, 8), Shared(5, 8), Shared(1, 5)],
            [true, false]);
        yield return draw.Case(
            "linear and GELU",
            new Product(ProductLayout.NT, new(true, new Activate(ActivationKind.Gelu), false)),
            [PerImage(3, 7), Shared(5, 7), Shared(1, 5)],
            [true, false]);
        yield return draw.Case(
            "linear and GELU with the value before it",
            new Product(ProductLayout.NT, new(true, new Activate(ActivationKind.Gelu), false)),
            [PerImage(3, 7), Shared(5, 7), Shared(1, 5)]);
        yield return draw.Case(
            "linear and a residual",
            new Product(ProductLayout.NT, new(true, null, true)),
            [PerImage(3, 7), Shared(5, 7), Shared(1, 5), PerImage(3, 5)],
            [true, false]);
        yield return draw.Case(
            "linear onto its residual",
            new Product(ProductLayout.NT, new(true, null, true)),
            [PerImage(3, 7), Shared(5, 7), Shared(1, 5), PerImage(3, 5)],
            [true, false],
            inPlace: true);
        yield return draw.Case(
            "linear and a residual without a batch",
            new Product(ProductLayout.NT, new(true, null, true)),
            [PerImage(3, 7), Shared(5, 7), Shared(1, 5), Shared(3, 5)],
            [true, false]);
        yield return draw.Case(
            "input gradient", new Product(ProductLayout.NN, Epilogue.None), [PerImage(5, 11), Shared(11, 7)], [true, false]);
        yield return draw.Case(
            "input gradient of prompts", new Product(ProductLayout.NN, Epilogue.None), [Shared(2, 3), Shared(3, 7)], [true, false]);
        yield return draw.Case(
            "input gradient through GELU",
            new Product(ProductLayout.NN, new(false, new ActivationGradient(ActivationKind.Gelu), false)),
            [PerImage(3, 7), Shared(7, 5), PerImage(3, 5)],
            [true, false]);
        yield return draw.Case(
            "input gradient through GELU onto a residual",
            new Product(ProductLayout.NN, new(false, new ActivationGradient(ActivationKind.Gelu), true)),
            [PerImage(3, 7), Shared(7, 5), PerImage(3, 5), PerImage(3, 5)],
            [true, false],
            inPlace: true);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(k => k != ActivationKind.Gelu))
        {
            yield return draw.Case(
                $"linear and {kind} with the value before it",
                new Product(ProductLayout.NT, new(true, new Activate(kind), false)),
                [PerImage(3, 7), Shared(5, 7), Shared(1, 5)]);
            yield return draw.Case(
                $"input gradient through {kind}",
                new Product(ProductLayout.NN, new(false, new ActivationGradient(kind), true)),
                [PerImage(3, 7), Shared(7, 5), PerImage(3, 5), PerImage(3, 5)],
                [true, false]);
        }

        yield return draw.Case(
            "weight gradient", new Product(ProductLayout.TN, Epilogue.None), [PerImage(5, 3), PerImage(5, 7)], [true, false]);
        yield return draw.Case(
            "weight gradient of one row", new Product(ProductLayout.TN, Epilogue.None), [PerImage(1, 3), PerImage(1, 7)], [true, false]);
        yield return draw.Case(
            "weight gradient without a batch", new Product(ProductLayout.TN, Epilogue.None), [Shared(5, 3), Shared(5, 1)], [true, false]);
        yield return draw.Case(
            "weight gradient onto a sum",
            new Product(ProductLayout.TN, new(false, null, true)),
            [PerImage(5, 3), PerImage(5, 7), Shared(3, 7)],
            [true, false],
            inPlace: true);
    }

    private static IEnumerable<OperationCase> Norms(LayoutDraw draw)
    {
        yield return draw.Case("layer norm", new LayerNorm(1e-6), [PerImage(5, 13), Shared(1, 13), Shared(1, 13)]);
        yield return draw.Case(
            "layer norm without statistics", new LayerNorm(1e-6), [PerImage(1, 8), Shared(1, 8), Shared(1, 8)], [true, false]);
        yield return draw.Case("layer norm of prompts", new LayerNorm(1e-6), [Shared(3, 8), Shared(1, 8), Shared(1, 8)]);
        Shape[] gradient = [PerImage(5, 13), PerImage(5, 13), PerImage(5, 2), Shared(1, 13)];
        yield return draw.Case("layer norm gradient", new LayerNormGradient(false), gradient);
        yield return draw.Case("layer norm gradient in place", new LayerNormGradient(false), gradient, inPlace: true);
        yield return draw.Case("layer norm gradient and a residual", new LayerNormGradient(true), [.. gradient, PerImage(5, 13)]);
        yield return draw.Case(
            "layer norm gradient onto its residual", new LayerNormGradient(true), [.. gradient, PerImage(5, 13)], inPlace: true);
        yield return draw.Case(
            "layer norm gradient of prompts", new LayerNormGradient(false), [Shared(3, 7), Shared(3, 7), Shared(3, 2), Shared(1, 7)]);
        yield return draw.Case("layer norm parameter gradient", new LayerNormParameterGradient(), gradient[..3]);
        yield return draw.Case(
            "layer norm scale gradient", new LayerNormParameterGradient(), [PerImage(1, 7), PerImage(1, 7), PerImage(1, 2)], [true, false]);
        yield return draw.Case(
            "layer norm shift gradient", new LayerNormParameterGradient(), [Shared(3, 7), Shared(3, 7), Shared(3, 2)], [false, true]);
    }

    private static IEnumerable<OperationCase> Attentions(LayoutDraw draw)
    {
        Shape[] deep = [PerImage(5, 6), PerImage(5, 6), PerImage(5, 6), Shared(3, 6), Shared(3, 6)];
        yield return draw.Case("attention", new Attention(3, 1), [PerImage(7, 15), PerImage(7, 15), PerImage(7, 15)]);
        yield return draw.Case("attention over prompts", new Attention(2, 2), deep);
        yield return draw.Case("attention without sums", new Attention(2, 2), deep, [true, false]);
        yield return draw.Case(
            "attention of one query",
            new Attention(1, 3),
            [PerImage(1, 5), PerImage(1, 5), PerImage(1, 5), Shared(2, 5), Shared(2, 5), PerImage(4, 5), PerImage(4, 5)]);
        yield return draw.Case(
            "attention of prompts over images",
            new Attention(2, 2),
            [Shared(3, 4), PerImage(2, 4), PerImage(2, 4), Shared(3, 4), Shared(3, 4)]);
        yield return draw.Case("attention among prompts", new Attention(4, 1), [Shared(3, 4), Shared(2, 4), Shared(2, 4)]);
        yield return draw.Case(
            "attention over five segments", new Attention(1, 5), [PerImage(2, 3), .. Enumerable.Repeat(PerImage(2, 3), 10)]);
        yield return draw.Case("attention of large scores", new Attention(2, 2),
        [
            PerImage(3, 8),
            PerImage(3, 8),
            PerImage(3, 8),
            Shared(5, 8),
            Shared(5, 8),
        ]) with
        {
            IsLarge = true,
        };
        yield return draw.Case(
            "attention gradient",
            new AttentionGradient(3, 1),
            Gradient(PerImage(7, 15), 3, [PerImage(7, 15), PerImage(7, 15), PerImage(7, 15)]));
        yield return draw.Case("attention gradient over prompts", new AttentionGradient(2, 2), Gradient(PerImage(5, 6), 2, deep));
        yield return draw.Case(
            "attention gradient of prompts alone",
            new AttentionGradient(2, 2),
            Gradient(PerImage(5, 6), 2, deep),
            [false, false, false, true, true]);
        yield return draw.Case(
            "attention gradient of a key",
            new AttentionGradient(2, 2),
            Gradient(PerImage(5, 6), 2, deep),
            [false, true, false, false, false]);
        yield return draw.Case(
            "attention gradient of a value",
            new AttentionGradient(2, 2),
            Gradient(PerImage(5, 6), 2, deep),
            [false, false, false, false, true]);
        yield return draw.Case(
            "attention gradient of the query alone",
            new AttentionGradient(2, 2),
            Gradient(PerImage(5, 6), 2, deep),
            [true, false, false, false, false]);
        yield return draw.Case(
            "attention gradient of shared queries",
            new AttentionGradient(1, 2),
            Gradient(PerImage(3, 4), 1, [Shared(3, 4), PerImage(2, 4), PerImage(2, 4), Shared(1, 4), Shared(1, 4)]));
        yield return draw.Case(
            "attention gradient among prompts",
            new AttentionGradient(4, 1),
            Gradient(Shared(3, 4), 4, [Shared(3, 4), Shared(2, 4), Shared(2, 4)]));
        yield return draw.Case(
            "attention gradient over five segments",
            new AttentionGradient(1, 5),
            Gradient(PerImage(2, 3), 1, [PerImage(2, 3), .. Enumerable.Repeat(PerImage(2, 3), 10)]));
    }

    private static IEnumerable<OperationCase> Windows(LayoutDraw draw)
    {
        WindowAttention plain = new(2, new(4, 2, 0), OfPrompts: false, OverPrompts: false), shifted = new(3, new(6, 3, 1), false, true);
        WindowAttention single = new(1, new(3, 3, 0), false, true), prompts = new(2, new(4, 2, 1), true, true);
        Shape[] ofPlain = [.. Enumerable.Repeat(PerImage(16, 6), 3), Shared(9, 2)];
        Shape[] ofShifted = [.. Enumerable.Repeat(PerImage(36, 15), 3), Shared(25, 3), PerImage(2, 15), PerImage(2, 15)];
        Shape[] ofSingle = [.. Enumerable.Repeat(PerImage(9, 7), 3), Shared(25, 1), Shared(35, 7), Shared(35, 7)];
        Shape[] ofPrompts = [Shared(3, 6), PerImage(16, 6), PerImage(16, 6), Shared(3, 6), Shared(3, 6)];
        Shape[] ofImagePrompts = [PerImage(34, 6), PerImage(16, 6), PerImage(16, 6), PerImage(34, 6), PerImage(34, 6)];
        yield return draw.Case("attention in windows", plain, ofPlain);
        yield return draw.Case("attention in windows without sums", plain, ofPlain, [true, false]);
        yield return draw.Case("attention in shifted windows over prompts of an image", shifted, ofShifted);
        yield return draw.Case("attention in one window over prompts", single, ofSingle);
        yield return draw.Case("attention of prompts in windows", prompts, ofPrompts);
        yield return draw.Case("attention of an image's prompts in windows", prompts, ofImagePrompts);
        yield return draw.Case(
            "attention in windows of one token",
            new WindowAttention(1, new(2, 1, 0), false, false),
            [.. Enumerable.Repeat(PerImage(4, 1), 3), Shared(1, 1)]);
        yield return Backward("gradient in windows", plain, ofPlain);
        yield return Backward("gradient in shifted windows over prompts of an image", shifted, ofShifted);
        yield return Backward("gradient in one window over prompts", single, ofSingle);
        yield return Backward("gradient in windows of prompts alone", single, ofSingle, [false, false, false, false, true, true]);
        yield return Backward("gradient in windows of a prompt's value", shifted, ofShifted, [false, false, false, false, false, true]);
        yield return Backward("gradient in windows of the position biases", shifted, ofShifted, [false, false, false, true, false, false]);
        yield return Backward("gradient in windows of the query", shifted, ofShifted, [true, false, false, false, false, false]);
        yield return Backward("gradient in windows of a key", shifted, ofShifted, [false, true, false, false, false, false]);
        yield return Backward("gradient of prompts in windows", prompts, ofPrompts);
        yield return Backward("gradient of an image's prompts in windows", prompts, ofImagePrompts);
        yield return draw.Case("neighbours merged", new MergeNeighbours(4), [PerImage(16, 5)]);
        yield return draw.Case("neighbours merged without a batch", new MergeNeighbours(2), [Shared(4, 1)]);
        yield return draw.Case("neighbours split", new SplitNeighbours(6), [PerImage(9, 12)]);

        OperationCase Backward(string name, WindowAttention forward, Shape[] operands, bool[]? wanted = null)
        {
            Shape output = forward.InferShapes(operands)[0];
            return draw.Case(
                $"attention {name}",
                new WindowAttentionGradient(forward),
                [output, output, output.WithColumns(forward.Heads), .. operands],
                wanted ?? Enumerable.Repeat(true, operands.Length).ToArray());
        }
    }

    private static IEnumerable<OperationCase> Groups(LayoutDraw draw)
    {
        yield return draw.Case("mean of groups", new MeanOfGroups(3), [PerImage(6, 5)]);
        yield return draw.Case("mean of all rows", new MeanOfGroups(7), [PerImage(7, 9)]);
        yield return draw.Case("mean of one group", new MeanOfGroups(1), [Shared(2, 3)]);
        yield return draw.Case("spreading to groups", new SpreadToGroups(3), [PerImage(2, 5)]);
        yield return draw.Case("spreading one row", new SpreadToGroups(5), [PerImage(1, 9)]);
    }

    private static IEnumerable<OperationCase> Maps(LayoutDraw draw)
    {
        yield return draw.Case("sum", new Add(), [PerImage(5, 7), PerImage(5, 7)]);
        yield return draw.Case("sum in place", new Add(), [PerImage(5, 7), PerImage(5, 7)], inPlace: true);
        yield return draw.Case("sum with a matrix without a batch", new Add(), [PerImage(5, 7), Shared(5, 7)]);
        yield return draw.Case("sum onto a matrix without a batch", new Add(), [Shared(5, 7), PerImage(5, 7)]);
        yield return draw.Case("sum without a batch", new Add(), [Shared(1, 7), Shared(1, 7)], inPlace: true);
        yield return draw.Case("sum with a row", new AddRow(), [PerImage(5, 7), Shared(1, 7)]);
        yield return draw.Case("sum with a row in place", new AddRow(), [PerImage(3, 19), Shared(1, 19)], inPlace: true);
        yield return draw.Case("sum of prompts with a row", new AddRow(), [Shared(3, 2), Shared(1, 2)]);
        yield return draw.Case("copy", new Copy(), [PerImage(5, 3)]);
        yield return draw.Case("copy of one number", new Copy(), [Shared(1, 1)]);
        yield return draw.Case("copy to every image", new Copy(), [Shared(5, 3)], [PerImage(5, 3)]);
        yield return draw.Case("copy of one row to every image", new Copy(), [Shared(1, 7)], [PerImage(1, 7)]);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            yield return draw.Case($"{kind}", new Activate(kind), [PerImage(5, 7)]);
            yield return draw.Case($"{kind} in place", new Activate(kind), [PerImage(5, 7)], inPlace: true);
            yield return draw.Case($"{kind} gradient", new ActivationGradient(kind), [PerImage(5, 7), PerImage(5, 7)]);
            yield return draw.Case(
                $"{kind} gradient in place", new ActivationGradient(kind), [PerImage(5, 7), PerImage(5, 7)], inPlace: true);
        }

        yield return draw.Case("dropout", new Dropout(0.25), [PerImage(5, 7), Shared(1, 2)]);
        yield return draw.Case("dropout of many rows of prompts", new Dropout(0.4), [Shared(7, 9), Shared(1, 2)]);
        yield return draw.Case("dropout in place", new Dropout(0.1), [PerImage(1, 37), Shared(1, 2)], inPlace: true);
        yield return draw.Case("dropout of prompts, each image by itself", new Dropout(0.5), [Shared(5, 7), Shared(1, 2)]);
        yield return draw.Case("padding", new PadRows(2, 7), [PerImage(3, 5)]);
        yield return draw.Case("padding of the first row", new PadRows(0, 3), [PerImage(1, 5)]);
        yield return draw.Case("padding of the last rows", new PadRows(3, 5), [Shared(2, 5)]);
        yield return draw.Case("padding with nothing", new PadRows(0, 3), [PerImage(3, 2)]);
        yield return draw.Case("sum of some rows", new AddRows(2), [PerImage(7, 3), PerImage(3, 3)]);
        yield return draw.Case("sum of some rows in place", new AddRows(2), [PerImage(7, 3), PerImage(3, 3)], inPlace: true);
        yield return draw.Case("sum of a row in place", new AddRows(0), [PerImage(7, 3), PerImage(1, 3)], inPlace: true);
    }

    private static IEnumerable<OperationCase> Sums(LayoutDraw draw)
    {
        yield return draw.Case("sum over images", new SumImages(), [PerImage(5, 7)]);
        yield return draw.Case("sum of one number over images", new SumImages(), [PerImage(1, 1)]);
        yield return draw.Case("sum over rows", new SumRows(), [PerImage(5, 7)]);
        yield return draw.Case("sum over the only rows", new SumRows(), [PerImage(1, 7)]);
        yield return draw.Case("sum over rows without a batch", new SumRows(), [Shared(5, 3)]);
        yield return draw.Case("sum over one column", new SumRows(), [PerImage(3, 1)]);
    }

    private static IEnumerable<OperationCase> Ends(LayoutDraw draw)
    {
        yield return draw.Case("patches", new ExtractPatches(3, 8, 4), [PerImage(24, 8)]);
        yield return draw.Case("patches of an odd grid", new ExtractPatches(2, 15, 5), [PerImage(30, 15)]);
        yield return draw.Case("images of patches", new FoldPatches(3, 8, 4), [PerImage(4, 48)]);
        yield return draw.Case("images of an odd grid of patches", new FoldPatches(2, 15, 5), [PerImage(9, 50)]);
        yield return draw.Case("patches that are wide", new ExtractPatches(2, new(6, 20), new(3, 5)), [PerImage(12, 20)]);
        yield return draw.Case("images of patches that are high", new FoldPatches(2, new(8, 9), new(4, 3)), [PerImage(6, 24)]);
        yield return draw.Case("one patch", new ExtractPatches(1, 3, 3), [PerImage(3, 3)]);
        yield return draw.Case("patches of one pixel", new ExtractPatches(1, 3, 1), [PerImage(3, 3)]);
        Shape[] seven = [PerImage(1, 7), PerImage(1, 1), PerImage(1, 1), PerImage(1, 4)], one = [PerImage(1, 1), .. seven[1..]];
        yield return draw.Case("cross-entropy", new CrossEntropy(), seven);
        yield return draw.Case("cross-entropy of large logits", new CrossEntropy(), seven) with
        {
            IsLarge = true,
        };
        yield return draw.Case("cross-entropy of one class", new CrossEntropy(), one);
        Shape[] many = [PerImage(1, 7), PerImage(7, 1), PerImage(1, 1)];
        yield return draw.Case("binary cross-entropy", new BinaryCrossEntropy(), many);
        yield return draw.Case("binary cross-entropy of large logits", new BinaryCrossEntropy(), many) with
        {
            IsLarge = true,
        };
        yield return draw.Case("binary cross-entropy of one class", new BinaryCrossEntropy(), one[..3]);
        yield return draw.Case("binary cross-entropy gradient", new BinaryCrossEntropyGradient(), many);
        yield return draw.Case("binary cross-entropy gradient in place", new BinaryCrossEntropyGradient(), many, inPlace: true);
        yield return draw.Case("cross-entropy gradient", new CrossEntropyGradient(), seven);
        yield return draw.Case("cross-entropy gradient of large logits", new CrossEntropyGradient(), seven) with
        {
            IsLarge = true,
        };
    }

    private static Shape[] Gradient(Shape output, int heads, Shape[] operands) =>
        [output, output, output.WithColumns(heads), .. operands];

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
