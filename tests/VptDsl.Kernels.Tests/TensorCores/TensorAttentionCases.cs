using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Kernels.Tests.Operations;

namespace VptDsl.Kernels.Tests.TensorCores;

/// <summary>
/// Attention in sizes around those of tiles on tensor cores: of every width of a head, over segments that end within a tile, with prompts
/// that have no batch, and with queries that have none.
/// </summary>
internal static class TensorAttentionCases
{
    public static IReadOnlyList<OperationCase> All { get; } = [.. Draw(new Random(20501))];

    /// <summary>Of whole numbers that even 8 bits hold, with scores so far apart that one key has all the weight.</summary>
    public static IReadOnlyList<OperationCase> OfWholeNumbers { get; } = [.. All.Where(c => c.IsLarge)];

    /// <summary>
    /// Gradients: of all operands, of prompts alone, of images and of prompts that fill tiles or do not, of more images than are summed at
    /// a time, and with parts that keep their kernels.
    /// </summary>
    public static IReadOnlyList<OperationCase> Gradients { get; } = [.. DrawGradients(new Random(20502))];

    /// <summary>Of random numbers, and of heads of 32 columns or fewer, by which precisions' errors are bounded.</summary>
    public static IReadOnlyList<OperationCase> OfNarrowHeads { get; } =
        [.. All.Where(c => !c.IsLarge && c.Call.Inputs[0].Columns / ((Attention)c.Call.Operation).Heads <= 32)];

    /// <summary>Of random numbers, over keys that one tile holds.</summary>
    public static IReadOnlyList<OperationCase> OfOneTile { get; } = [.. All.Where(c =>
        !c.IsLarge && c.Call.Operation is Attention { Biased: false } attention && c.Call.Inputs[0].Columns / attention.Heads <= 64
        && Enumerable.Range(0, attention.Segments).Sum(s => c.Call.Inputs[1 + (2 * s)].Rows) <= 32)];

    private static IEnumerable<OperationCase> DrawGradients(Random random)
    {
        (int Heads, int Width, int Queries, int Keys, int Prompts, int Batch)[] sizes =
            [(2, 16, 17, 17, 16, 2), (1, 32, 16, 33, 21, 3), (1, 64, 35, 35, 29, 1), (3, 48, 33, 31, 40, 1), (1, 16, 17, 16, 40, 19)];
        foreach ((int heads, int width, int queries, int keys, int prompts, int batch) in sizes)
        {
            Shape query = PerImage(queries, heads * width), key = PerImage(keys, heads * width), prompt = Shared(prompts, heads * width);
            Shape[] operands = [query, query, query.WithColumns(heads), query, key, key, prompt, prompt];
            string name = $"gradient of attention of {queries} over {keys} and {prompts} prompts, {heads} heads of {width}";
            yield return Gradient(name, new(heads, 2), operands, batch);
            yield return Gradient($"{name}, of the prompts alone", new(heads, 2), operands, batch, [false, false, false, true, true]);
            yield return Gradient($"{name}, of the query alone", new(heads, 2), operands, batch, [true, false, false, false, false]);
        }

        Shape images = PerImage(19, 64), shared = Shared(21, 64), output = PerImage(21, 64);
        yield return Gradient(
            "gradient of attention of one segment", new(4, 1), [images, images, images.WithColumns(4), images, images, images], 2);
        yield return Gradient(
            "gradient of attention among prompts", new(4, 1), [shared, shared, shared.WithColumns(4), shared, shared, shared], 2);

        yield return Gradient(
            "gradient of attention of shared queries, of keys and values alone",
            new(2, 2),
            [output, output, output.WithColumns(2), shared, images, images, shared, shared],
            3,
            [false, true, true, true, true]);

        OperationCase Gradient(string name, AttentionGradient operation, Shape[] inputs, int batch, bool[]? wanted = null) =>
            Case(random, name, operation, inputs, batch, wanted);
    }

    private static IEnumerable<OperationCase> Draw(Random random)
    {
        (int Heads, int Width, int Queries, int Keys, int Prompts, int Batch)[] sizes =
        [
            (2, 16, 17, 17, 0, 2), (1, 32, 16, 33, 5, 3), (2, 64, 35, 35, 29, 1), (1, 80, 16, 40, 3, 1), (1, 96, 16, 16, 4, 1),
            (1, 128, 16, 1, 16, 1), (3, 48, 33, 31, 1, 1), (1, 112, 18, 34, 0, 1), (1, 64, 16, 197, 50, 1), (3, 32, 65, 9, 200, 1),
        ];
        foreach ((int heads, int width, int queries, int keys, int prompts, int batch) in sizes)
        {
            Shape key = PerImage(keys, heads * width), prompt = Shared(prompts, heads * width);
            Shape[] operands = [PerImage(queries, heads * width), key, key, .. prompts == 0 ? [] : new[] { prompt, prompt }];
            int segments = operands.Length / 2;
            string name = $"attention of {queries} over {keys} and {prompts} prompts, {heads} heads of {width}, by tensor cores' tiles";
            yield return Case(name, new Attention(heads, segments), operands, batch);
            yield return Case($"{name}, of whole numbers", new Attention(heads, segments), operands, batch) with { IsLarge = true };
            if (width <= 64)
            {
                yield return Case(
                    $"{name}, with a bias", new Attention(heads, segments, Biased: true),
                    [.. operands, Shared(queries, heads * keys)], batch);
            }
        }

        Shape images = PerImage(19, 64), shared = Shared(21, 64);
        yield return Case("attention without sums", new Attention(2, 2), [images, images, images, shared, shared], 2, sums: false);
        yield return Case("attention of prompts over images", new Attention(2, 2), [shared, images, images, shared, shared], 2);
        yield return Case("attention among prompts", new Attention(4, 1), [shared, shared, shared], 2);
        yield return Case(
            "attention over three segments",
            new Attention(2, 3),
            [images, shared, shared, images, images, Shared(3, 64), Shared(3, 64)],
            2);

        OperationCase Case(string name, Operation operation, Shape[] inputs, int batch, bool sums = true) =>
            TensorAttentionCases.Case(random, name, operation, inputs, batch, sums ? null : [true, false]);
    }

    /// <remarks>Rows of all operands are parts of wider ones; those of keys and of values are not as wide.</remarks>
    private static OperationCase Case(Random random, string name, Operation operation, Shape[] inputs, int batch, bool[]? wanted)
    {
        OptionalLayout[] outputs =
        [
            .. operation.InferShapes(inputs).Select((shape, i) => new OptionalLayout(wanted is null || wanted[i] ? Within(shape) : null)),
        ];
        return new(name, new Call(operation, inputs.Select(Within).ToEquatableArray(), outputs.ToEquatableArray()), InPlace: false)
        {
            Batch = batch,
            IsAligned = true,
        };

        Layout Within(Shape shape)
        {
            long row = shape.Columns + (4 * random.Next(3)), image = (shape.Rows * row) + (4 * random.Next(3));
            return new(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? image : 0, row);
        }
    }

    private static Shape PerImage(int rows, int columns) => new(Batched: true, rows, columns);

    private static Shape Shared(int rows, int columns) => new(Batched: false, rows, columns);
}
