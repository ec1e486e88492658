using VptDsl.Compiler.Planning;

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
        return region is Region.Inputs or Region.Labels or Region.Features ? region.ToString() : $"{region}({fixedPart})";
    }

    private static string Number(long[] values, IReadOnlyList<int> layers)
    {
        if (values.All(v => v == values[0]))
            return SourceWriter.Literal(values[0]);

        // A constant distance from layer to layer, as the plan tries to give; else a table.
        long step = (values[1] - values[0]) / (layers[1] - layers[0]);
        long origin = values[0] - (step * layers[0]);
        if (Enumerable.Range(0, values.Length).All(i => values[i] == origin + (step * layers[i])))
        {
            string product = $"(layer * {SourceWriter.Literal(step)}L)";
            return origin == 0 ? product : $"{SourceWriter.Literal(origin)} + {product}";
        }

        var cases = Enumerable.Range(0, values.Length).Select(i => i == values.Length - 1
            ? $"_ => {SourceWriter.Literal(values[i])}L"
            : $"{layers[i]} => {SourceWriter.Literal(values[i])}L");
        return $"layer switch {{ {string.Join(", ", cases)} }}";
    }
}
