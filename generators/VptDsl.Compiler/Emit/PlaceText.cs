using VptDsl.Compiler.Planning;
using VptDsl.Programs;

namespace VptDsl.Compiler.Emit;

/// <summary>Writes the place of an operand, over all layers of a loop, as an expression of the layer.</summary>
internal static class PlaceText
{
    /// <param name="addresses">The place in each layer.</param>
    /// <param name="layers">The layers.</param>
    public static string Of(IReadOnlyList<Address> addresses, IReadOnlyList<int> layers)
    {
        string fixedPart = Number(addresses.Select(a => a.Fixed).ToArray(), layers);
        Region region = addresses[0].Region;
        if (region == Region.Arena && addresses.Any(a => a.PerImage != 0))
            return $"Arena({fixedPart}, {Number(addresses.Select(a => a.PerImage).ToArray(), layers)})";
        bool isWhole = region is Region.Inputs or Region.Labels or Region.ImageWeights or Region.Softening or Region.Features
            or Region.Embeddings;
        return !isWhole ? $"{region}({fixedPart})" : fixedPart == "0" ? region.ToString() : $"{region} with {{ Offset = {fixedPart} }}";
    }

    private static string Number(long[] values, IReadOnlyList<int> layers)
    {
        if (values.All(v => v == values[0]))
            return SourceWriter.Literal(values[0]);

        // A constant distance from layer to layer, as the plan tries to give, but perhaps for the layer at one end; else a table.
        if (IsLinear(values, layers, 0, values.Length))
            return Linear(values, layers, 0);
        int last = values.Length - 1;
        if (last > 2 && IsLinear(values, layers, 0, last))
            return $"layer == {layers[last]} ? {SourceWriter.Literal(values[last])} : {Linear(values, layers, 0)}";
        if (last > 2 && IsLinear(values, layers, 1, values.Length))
            return $"layer == {layers[0]} ? {SourceWriter.Literal(values[0])} : {Linear(values, layers, 1)}";

        var cases = Enumerable.Range(0, values.Length).Select(i => i == values.Length - 1
            ? $"_ => {SourceWriter.Literal(values[i])}L"
            : $"{layers[i]} => {SourceWriter.Literal(values[i])}L");
        return $"layer switch {{ {string.Join(", ", cases)} }}";
    }

    private static bool IsLinear(long[] values, IReadOnlyList<int> layers, int first, int end)
    {
        (long origin, long step) = Line(values, layers, first);
        return Enumerable.Range(first, end - first).All(i => values[i] == origin + (step * layers[i]));
    }

    private static string Linear(long[] values, IReadOnlyList<int> layers, int first)
    {
        (long origin, long step) = Line(values, layers, first);
        if (step == 0)
            return SourceWriter.Literal(origin);
        string product = $"(layer * {SourceWriter.Literal(step)}L)";
        return origin == 0 ? product : $"{SourceWriter.Literal(origin)} + {product}";
    }

    /// <summary>The line through two successive values.</summary>
    private static (long Origin, long Step) Line(long[] values, IReadOnlyList<int> layers, int first)
    {
        long step = (values[first + 1] - values[first]) / (layers[first + 1] - layers[first]);
        return (values[first] - (step * layers[first]), step);
    }
}
