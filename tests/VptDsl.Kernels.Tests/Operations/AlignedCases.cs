using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>
/// Products, convolutions, attention and layer normalisation whose operands begin at multiples of 16 bytes, so that their kernels load and
/// store four floats at a time, with edges and without.
/// </summary>
internal static class AlignedCases
{
    public static IEnumerable<OperationCase> Draw()
    {
        foreach ((int rows, int columns, int depth) in new[] { (5, 12, 8), (37, 68, 20), (331, 516, 36), (128, 256, 64) })
        {
            string size = $"{rows} × {columns} over {depth}, aligned";
            yield return Case($"linear {size}", ProductLayout.NT, PerImage(rows, depth), Shared(columns, depth));
            yield return Case($"input gradient {size}", ProductLayout.NN, PerImage(rows, depth), Shared(depth, columns));
        }

        foreach ((int rows, int columns, int depth) in new[] { (8, 12, 5), (44, 100, 37), (260, 132, 33) })
        {
            yield return Case(
                $"weight gradient {rows} × {columns} over {depth}, aligned",
                ProductLayout.TN,
                PerImage(depth, rows),
                PerImage(depth, columns));
        }

        foreach ((SlidingPatch grid, int channels, int filters) in new (SlidingPatch, int, int)[]
        {
            (new(6, 3, 1, 1), 4, 5), (new(7, 3, 2, 1), 16, 68), (new(9, 2, 2, 0), 36, 129),
        })
        {
            string name = $"convolution {grid.Kernel} × {grid.Kernel} of {channels} channels, aligned";
            Shape map = PerImage(grid.Pixels, channels), weight = Shared(filters, grid.Taps * channels), bias = Shared(1, filters);
            yield return Case(name, new SlidingProduct(grid, new(true, null, false)), map, weight, bias);
        }

        foreach ((int rows, int columns, int depth) in new[] { (3, 8, 5), (197, 132, 16) })
        {
            string size = $"{rows} × {columns} over {depth}, aligned";
            Shape input = PerImage(rows, depth), output = PerImage(rows, columns), weight = Shared(columns, depth),
                bias = Shared(1, columns);
            foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
            {
                yield return Case(
                    $"linear and {kind} with the value before it {size}",
                    new Product(ProductLayout.NT, new(true, new Activate(kind), false)), input, weight, bias);
                yield return Case(
                    $"input gradient through {kind} {size}", new Product(ProductLayout.NN, new(false, new ActivationGradient(kind), false)),
                    input, Shared(depth, columns), output);
            }

            yield return Case(
                $"linear and a residual {size}", new Product(ProductLayout.NT, new(true, null, true)), input, weight, bias, output);
            yield return Case(
                $"linear and a residual without a batch {size}", new Product(ProductLayout.NT, new(true, null, true)), input, weight, bias,
                Shared(rows, columns));
            yield return Case(
                $"weight gradient onto a sum {size}",
                new Product(ProductLayout.TN, new(false, null, true)),
                PerImage(depth, rows + 1),
                PerImage(depth, columns),
                Shared(rows + 1, columns));
        }

        foreach ((int queries, int keys, int prompts, int heads, int width) in new[]
        {
            (5, 5, 3, 2, 4), (1, 35, 2, 1, 64), (34, 9, 3, 1, 20),
        })
        {
            string name = $"attention of {queries} over {keys} and {prompts} prompts, {heads} heads of {width}, aligned";
            Shape query = PerImage(queries, heads * width), key = PerImage(keys, heads * width), prompt = Shared(prompts, heads * width);
            Shape[] operands = [query, key, key, prompt, prompt];
            yield return Case(name, new Attention(heads, 2), operands);
            yield return Case(
                $"gradient of {name}", new AttentionGradient(heads, 2), [query, query, PerImage(queries, heads), .. operands]);
            Shape bias = Shared(queries, heads * keys);
            yield return Case($"{name}, with a bias", new Attention(heads, 2, Biased: true), [.. operands, bias]);
            yield return Case(
                $"gradient of {name}, with a bias",
                new AttentionGradient(heads, 2, Biased: true),
                [query, query, PerImage(queries, heads), .. operands, bias]);
            yield return Case(
                $"gradient of the bias of {name}",
                new AttentionBiasGradient(heads),
                [query, query, PerImage(queries, heads), .. operands[..3], bias]);
        }

        foreach ((WindowGrid grid, int prompts, int heads, int width) in new (WindowGrid, int, int, int)[]
        {
            (new(4, 2, 1), 3, 2, 4), (new(7, 7, 0), 9, 1, 32),
        })
        {
            string name =
                $"attention in windows of {grid.Window} shifted by {grid.Shift} over {prompts} prompts, {heads} heads of {width}, aligned";
            Shape tokens = PerImage(grid.Tokens, heads * width), prompt = Shared(prompts, heads * width);
            var attention = new WindowAttention(heads, grid, OfPrompts: false, OverPrompts: true);
            Shape[] operands = [tokens, tokens, tokens, Shared(grid.RelativePositions, heads), prompt, prompt];
            yield return Case(name, attention, operands);
            yield return Case(
                $"gradient of {name}", new WindowAttentionGradient(attention), [tokens, tokens, tokens.WithColumns(heads), .. operands]);
        }
    }

    /// <summary>Rows of one four, of some for each thread, of an odd number, and of more columns than threads have registers for.</summary>
    public static IEnumerable<OperationCase> DrawRows()
    {
        foreach (int columns in new[] { 4, 60, 100, 768, 1284, 2082 })
        {
            Shape x = PerImage(5, columns), prompts = Shared(3, columns), weight = Shared(1, columns);
            string size = $"of {columns} columns, aligned";
            yield return Case($"layer norm {size}", new LayerNorm(1e-3), x, weight, weight);
            yield return Case($"layer norm of prompts {size}", new LayerNorm(1e-3), prompts, weight, weight);
            Shape[] gradient = [x, x, PerImage(5, 2), weight];
            yield return Case($"layer norm gradient {size}", new LayerNormGradient(false), gradient);
            yield return InPlace(Case($"layer norm gradient onto its residual {size}", new LayerNormGradient(true), [.. gradient, x]));
        }
    }

    private static OperationCase InPlace(OperationCase drawn)
    {
        OptionalLayout[] outputs = [.. drawn.Call.Outputs];
        outputs[0] = new(drawn.Call.Inputs[drawn.Call.Operation.InPlaceInput]);
        return drawn with { Call = drawn.Call with { Outputs = outputs.ToEquatableArray() }, InPlace = true };
    }

    private static OperationCase Case(string name, ProductLayout layout, Shape a, Shape b) =>
        Case(name, new Product(layout, Epilogue.None), a, b);

    /// <remarks>The first operand is part of a wider matrix, as the query is part of query, key and value.</remarks>
    private static OperationCase Case(string name, Operation operation, params Shape[] inputs)
    {
        Layout[] read = [.. inputs.Select((shape, i) => Within(shape, i == 0 ? shape.Columns + 8 : null))];
        OptionalLayout[] written =
        [
            .. operation.InferShapes(inputs).Select((shape, i) => new OptionalLayout(i == 0 ? Within(shape, null) : null)),
        ];
        return new(name, new Call(operation, read.ToEquatableArray(), written.ToEquatableArray()), InPlace: false) { IsAligned = true };
    }

    private static Layout Within(Shape shape, int? rowStride)
    {
        int stride = rowStride ?? shape.Columns;
        return new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? (long)shape.Rows * stride : 0, stride);
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
