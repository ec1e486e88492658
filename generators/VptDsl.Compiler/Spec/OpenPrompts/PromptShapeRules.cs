namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>What each operation of a prompt method asks of the shapes that it is given, and the shape that it gives.</summary>
internal static class PromptShapeRules
{
    /// <summary>More rows or columns than any prompts have; keeps sums of them from overflowing.</summary>
    public const int MaxSide = 1_000_000;

    /// <summary>The shape of the result, or null where the operands do not fit; then the rule says what would.</summary>
    /// <param name="kind">What is computed.</param>
    /// <param name="shapes">The shapes of its operands.</param>
    /// <param name="rows">The rows that are cut out, where the operation does that.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rule">What the operands have to be.</param>
    public static TokenShape? ResultOf(
        PromptOperationKind kind, IReadOnlyList<TokenShape> shapes, (double Start, double Count) rows, PromptLayer layer, out string rule)
    {
        TokenShape x = shapes[0];
        (bool fits, TokenShape result, rule) = kind switch
        {
            PromptOperationKind.Add => (
                SameSize(x, shapes[1]), Either(x, shapes[1]), "a sum is of equally many rows and columns, or of rows and one row"),
            PromptOperationKind.AddRow or PromptOperationKind.ScaleColumns =>
                (IsRow(shapes[1], x.Columns), x, $"factors are [1, {x.Columns}]"),
            PromptOperationKind.Linear => Linear(shapes),
            PromptOperationKind.LayerNorm => (
                IsRow(shapes[1], x.Columns) && IsRow(shapes[2], x.Columns), x, $"scale and shift are [1, {x.Columns}]"),
            PromptOperationKind.Slice => (
                rows.Start >= 0 && rows.Count >= 1 && rows.Start + rows.Count <= x.Rows,
                x with { Rows = (int)rows.Count },
                FormattableString.Invariant($"it has no rows {rows.Start} to {rows.Start + rows.Count - 1}")),
            PromptOperationKind.Append => (
                x.Columns == shapes[1].Columns && x.Rows + shapes[1].Rows <= MaxSide,
                Either(x, shapes[1]) with { Rows = x.Rows + shapes[1].Rows },
                "rows of one width go below each other"),
            PromptOperationKind.Blend => (
                IsRow(x, 1) && SameSize(shapes[1], shapes[2]),
                Either(shapes[1], shapes[2]),
                IsRow(x, 1) ? "what is blended has equally many rows and columns" : "a gate is one number, [1, 1]"),
            PromptOperationKind.Attend => (
                shapes[1] == shapes[2] && shapes[1].Columns == x.Columns && x.Columns % layer.Heads == 0,
                Either(x, shapes[1]),
                $"keys and values have the same shape and the queries' width, which is a multiple of the {layer.Heads} heads"),
            PromptOperationKind.Gelu => (true, x, ""),
            _ => (x.Columns == layer.Width, x, $"the layer's weights take tokens {layer.Width} wide"),
        };
        return fits ? result : null;
    }

    /// <summary>Whether a shape is one row of so many columns that all images share.</summary>
    public static bool IsRow(TokenShape shape, int columns) => shape == new TokenShape(false, 1, columns);

    private static (bool Fits, TokenShape Result, string Rule) Linear(IReadOnlyList<TokenShape> shapes)
    {
        TokenShape x = shapes[0], weight = shapes[1], result = x with { Columns = weight.Rows };
        bool weightFits = !weight.Batched && weight.Columns == x.Columns;
        return (
            weightFits && (shapes.Count == 2 || IsRow(shapes[2], result.Columns)),
            result,
            weightFits ? $"a bias is [1, {result.Columns}]" : $"a weight is [outputs, {x.Columns}]");
    }

    private static bool SameSize(TokenShape a, TokenShape b) => a.Rows == b.Rows && a.Columns == b.Columns;

    private static TokenShape Either(TokenShape a, TokenShape b) => a with { Batched = a.Batched || b.Batched };
}
