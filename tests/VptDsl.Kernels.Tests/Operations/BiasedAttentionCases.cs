using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>
/// Attention with a bias and its gradients, in sizes around those of tiles: all queries or one that is left of them, alone or over
/// prompts too, whose scores have no bias; and biases by relative position.
/// </summary>
internal static class BiasedAttentionCases
{
    private const int Images = 3;

    public static IEnumerable<OperationCase> Draw(LayoutDraw draw) => [.. Attentions(draw), .. RelativePositions(draw)];

    private static IEnumerable<OperationCase> Attentions(LayoutDraw draw)
    {
        (int Heads, int Width, int Queries, int Keys, int Prompts, int Batch)[] sizes =
        [
            (2, 3, 5, 5, 2, Images), (1, 5, 1, 7, 0, Images), (3, 5, 1, 33, 4, Images), (2, 13, 17, 17, 0, Images), (1, 1, 2, 1, 1, Images),
            (2, 8, 65, 65, 9, 2), (1, 33, 31, 34, 33, 1), (4, 2, 9, 9, 1, 17),
        ];
        foreach ((int heads, int width, int queries, int keys, int prompts, int batch) in sizes)
        {
            int columns = heads * width;
            Shape query = PerImage(queries, columns), key = PerImage(keys, columns), bias = Shared(queries, heads * keys);
            Shape sums = query.WithColumns(heads);
            Shape[] segments = [key, key, .. prompts == 0 ? [] : new[] { Shared(prompts, columns), Shared(prompts, columns) }];
            int count = segments.Length / 2;
            string name = $"attention with a bias, {queries} queries of {heads} heads of {width} over {keys} keys and {prompts} prompts";
            Shape[] operands = [query, .. segments, bias], saved = [query, query, sums];
            var gradient = new AttentionGradient(heads, count, Biased: true);
            bool[] none = new bool[segments.Length];
            yield return Case(name, new Attention(heads, count, Biased: true), operands);
            yield return Case($"gradient of {name}", gradient, [.. saved, .. operands]);
            yield return Case($"gradient of {name}, of the query alone", gradient, [.. saved, .. operands], [true, .. none]);
            yield return Case($"gradient of {name}, of the last value alone", gradient, [.. saved, .. operands], [.. none, true]);
            yield return Case(
                $"gradient of the bias of {name}", new AttentionBiasGradient(heads), [.. saved, .. operands[..3], bias]);

            OperationCase Case(string full, Operation operation, Shape[] inputs, bool[]? wanted = null) =>
                draw.Case(full, operation, inputs, wanted) with { Batch = batch };
        }

        Shape shared = Shared(6, 6), images = PerImage(4, 6), output = PerImage(6, 6);
        Shape[] ofShared = [shared, images, images, shared, shared, Shared(6, 8)];
        yield return draw.Case("attention with a bias of shared queries", new Attention(2, 2, Biased: true), ofShared);
        yield return draw.Case("attention with a bias without sums", new Attention(2, 2, Biased: true), ofShared, [true, false]);
        yield return draw.Case(
            "gradient of attention with a bias of shared queries",
            new AttentionGradient(2, 2, Biased: true),
            [output, output, output.WithColumns(2), .. ofShared]);
        yield return draw.Case(
            "gradient of the bias of shared queries",
            new AttentionBiasGradient(2),
            [output, output, output.WithColumns(2), .. ofShared[..3], Shared(6, 8)]);
        Shape[] ofPrompts = [images, shared, shared, images, images, Shared(4, 12)];
        yield return draw.Case("attention with a bias over shared keys", new Attention(2, 2, Biased: true), ofPrompts);
        yield return draw.Case(
            "gradient of attention with a bias over shared keys",
            new AttentionGradient(2, 2, Biased: true),
            [images, images, images.WithColumns(2), .. ofPrompts]);
        Shape[] amongPrompts = [shared, shared, shared, Shared(6, 18)], savedOfPrompts = [shared, shared, shared.WithColumns(3)];
        yield return draw.Case("attention with a bias among prompts", new Attention(3, 1, Biased: true), amongPrompts);
        yield return draw.Case(
            "gradient of attention with a bias among prompts",
            new AttentionGradient(3, 1, Biased: true),
            [.. savedOfPrompts, .. amongPrompts]);
        yield return draw.Case(
            "gradient of the bias among prompts", new AttentionBiasGradient(3), [.. savedOfPrompts, .. amongPrompts]);
        Shape wide = PerImage(3, 1031), widePrompts = Shared(2, 1031);
        Shape[] ofWide = [wide, wide, wide, widePrompts, widePrompts, Shared(3, 3)], savedOfWide = [wide, wide, wide.WithColumns(1)];
        yield return draw.Case("attention with a bias of a head too wide for shared memory", new Attention(1, 2, Biased: true), ofWide);
        yield return draw.Case(
            "gradient of attention with a bias of a head too wide for shared memory",
            new AttentionGradient(1, 2, Biased: true),
            [.. savedOfWide, .. ofWide]);
        yield return draw.Case(
            "gradient of the bias of a head too wide for shared memory",
            new AttentionBiasGradient(1),
            [.. savedOfWide, .. ofWide[..3], ofWide[5]]);
        yield return draw.Case(
            "attention of large scores with a bias",
            new Attention(2, 2, Biased: true),
            [PerImage(3, 8), PerImage(3, 8), PerImage(3, 8), Shared(5, 8), Shared(5, 8), Shared(3, 6)]) with
        {
            IsLarge = true,
        };
    }

    private static IEnumerable<OperationCase> RelativePositions(LayoutDraw draw)
    {
        (int Height, int Width, int Inserted, int Heads)[] sizes = [(1, 1, 0, 1), (2, 3, 0, 3), (3, 2, 4, 2), (7, 5, 1, 1), (1, 6, 0, 5)];
        foreach ((int height, int width, int inserted, int heads) in sizes)
        {
            var positions = new RelativePositions(height, width, inserted);
            string name = $"{height} × {width} after {inserted} for {heads} heads";
            yield return draw.Case(
                $"bias by relative position in {name}", new ExpandRelativeBias(positions), [Shared(positions.Count, heads)]);
            yield return draw.Case(
                $"gradient by relative position in {name}",
                new ExpandRelativeBiasGradient(positions),
                [Shared(positions.Tokens, heads * positions.Tokens)]);
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
