namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Softmax over keys that arrive tile by tile: each thread keeps its queries' largest scores and the sums of their weights in registers,
/// and what was summed so far shrinks when a larger score turns up. The threads of a line, which share queries, hand each other theirs
/// through shared memory.
/// </summary>
/// <param name="tiles">What the group's threads have.</param>
/// <param name="weights">Where weights go, for all threads to read.</param>
internal sealed class RunningSoftmax(AttentionTiles tiles, SharedTile weights)
{
    /// <summary>Floats of shared memory, beside the weights'.</summary>
    public int SharedFloats => 2 * tiles.Tile.Queries * tiles.Side;

    public void WriteShared(SourceWriter writer)
    {
        foreach (string values in new[] { "maxima", "totals" })
        {
            writer.Line(
                $"ArrayView<float> {values} = SharedMemory.Allocate<float>({SharedFloats / 2}); // [{tiles.Tile.Queries}, {tiles.Side}]");
        }
    }

    /// <summary>Declares the sums before any key, and the result, to which weighted values are added.</summary>
    public void WriteStart(SourceWriter writer, RegisterTile result)
    {
        writer.Line();
        writer.Line("// The largest score so far of each of this thread's queries, the sum of its weights, and its result.");
        writer.Line($"float {ForEachQuery(i => $"max{i} = float.NegativeInfinity")};");
        writer.Line($"float {ForEachQuery(i => $"total{i} = 0")};");
        result.Declare(writer);
    }

    /// <summary>Turns the scores of a tile into weights, and adds up what they weigh.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="scores">The thread's scores; minus infinity for a key that does not exist.</param>
    /// <param name="result">The thread's results so far.</param>
    /// <param name="values">The keys' values.</param>
    public void WriteTile(SourceWriter writer, RegisterTile scores, RegisterTile result, SharedTile values)
    {
        writer.Line();
        writer.Line("// The largest score of each query, from what the threads of its line have.");
        scores.ForEachRow(writer, (_, row, items) =>
            $"{Partial("maxima", row)} = {items.Select(c => c.Scalar).Aggregate((a, b) => $"XMath.Max({a}, {b})")};");
        writer.Line("Group.Barrier();");
        writer.Line($"float {ForEachQuery(i => $"next{i} = max{i}")};");
        ForEachPartial(writer, "maxima", (i, partial) => $"next{i} = XMath.Max(next{i}, {partial});");
        writer.Line();
        scores.ForEachRow(writer, (i, row, items) => string.Join("\n",
        [
            $"float shrink{i} = XMath.Exp(max{i} - next{i});",
            $"max{i} = next{i};",
            .. items.Select(c => $"{c.Scalar} = XMath.Exp({c.Scalar} - max{i});"),
            .. items.Select(c => $"{weights.At(row, c.Column)} = {c.Scalar};"),
            $"{Partial("totals", row)} = {string.Join(" + ", items.Select(c => c.Scalar))};",
            $"total{i} *= shrink{i};",
        ]));
        writer.Line("Group.Barrier();");
        ForEachPartial(writer, "totals", (i, partial) => $"total{i} += {partial};");
        writer.Line();
        result.ForEachRow(writer, (i, _, row) => string.Join(" ", row.Select(c => $"{c.Scalar} *= shrink{i};")));
        result.Multiply(writer, "k", tiles.Tile.Keys, weights.AsRows, values.AsColumns);
    }

    /// <summary>Divides the result by the sum of the weights.</summary>
    public void WriteEnd(SourceWriter writer, RegisterTile result)
    {
        writer.Line();
        result.ForEachRow(writer, (i, _, row) => string.Join(" ", row.Select(c => $"{c.Scalar} /= total{i};")));
    }

    /// <summary>Stores the logarithm of the sum of the exponentials of each query's scores.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="logSum">Where they go.</param>
    /// <param name="isThere">Whether a query of the tile exists.</param>
    /// <param name="rowOf">The row of the target that a query is.</param>
    public void WriteLogSums(SourceWriter writer, KernelOperand logSum, Func<string, string> isThere, Func<string, string> rowOf)
    {
        for (int i = 0; i < tiles.ThreadQueries; i++)
        {
            string query = tiles.ThreadQuery(i);
            writer.Line($"if (threadColumn == 0 && {isThere(query)})");
            writer.Indented($"{logSum.At($"({rowOf(query)})", tiles.HeadIndex)} = max{i} + XMath.Log(total{i});");
        }
    }

    private string ForEachQuery(Func<int, string> text) => string.Join(", ", Enumerable.Range(0, tiles.ThreadQueries).Select(text));

    private string Partial(string partials, string row) => $"{partials}[{row} * {tiles.Side} + threadColumn]";

    /// <summary>Writes a loop over what the threads of a line have of the queries that they share, in order.</summary>
    private void ForEachPartial(SourceWriter writer, string partials, Func<int, string, string> statement)
    {
        using (writer.Block($"for (int other = 0; other < {tiles.Side}; other++)"))
        {
            for (int i = 0; i < tiles.ThreadQueries; i++)
                writer.Line(statement(i, $"{partials}[{tiles.ThreadQuery(i)} * {tiles.Side} + other]"));
        }
    }
}
