using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Demand, row by row: computes only the rows of each value that something reads. The head reads the class token, so after the last
/// layer's keys and values one row for each image is left.
/// </summary>
/// <remarks>
/// Backwards, the rows that are read of each value are collected as one interval; forwards, each node whose operation needs certain
/// rows for certain rows is rebuilt on that interval alone.
/// </remarks>
internal static class NarrowRows
{
    public static DataflowGraph Run(DataflowGraph graph)
    {
        Dictionary<Value, Interval> demand = CollectDemand(graph);
        var rewriter = new GraphRewriter();
        var kept = new Dictionary<Value, Interval>();
        var taken = new Dictionary<(Value, Interval), Value>();

        // Readers of the same rows read the same value, so that later passes see that they do.
        Value Take(Value old, Interval rows)
        {
            if (taken.TryGetValue((old, rows), out Value? value))
                return value;
            Interval have = kept[old];
            rewriter.Builder.Scope = old.Producer.Scope;
            value = rewriter.Builder.Rows(rewriter[old], rows.Start - have.Start, rows.Count, old.Name + "Rows");
            taken.Add((old, rows), value);
            return value;
        }

        foreach (Node node in graph.Nodes)
        {
            Interval[] inputs = InputRows(node, demand);
            Interval read = OutputRows(node, demand);
            bool narrowed = Enumerable.Range(0, inputs.Length).Any(i => node.Operation.RowsRead(i, read.Start, read.Count) is not null)
                && read != Interval.All(node.Outputs.First(o => o is not null)!.Shape.Rows);
            if (node.Operation is SliceRows slice)
            {
                Value output = node.Outputs[0]!;
                Interval wanted = OutputRows(node, demand);
                rewriter[output] = Take(node.Inputs[0], wanted.Shift(slice.Start));
                kept[output] = wanted;
                continue;
            }

            Value[] mapped = node.Inputs.Select((input, i) => Take(input, inputs[i])).ToArray();
            rewriter.Replace(node, node.Operation, mapped);
            foreach (Value? output in node.Outputs)
            {
                if (output is not null)
                    kept[output] = narrowed ? OutputRows(node, demand) : Interval.All(output.Shape.Rows);
            }
        }

        return rewriter.Builder.Build(
            graph.Results.Select(r => r with { Value = Take(r.Value, Interval.All(r.Value.Shape.Rows)) }).ToArray());
    }

    private static Dictionary<Value, Interval> CollectDemand(DataflowGraph graph)
    {
        var demand = new Dictionary<Value, Interval>();
        void Demand(Value value, Interval rows) =>
            demand[value] = demand.TryGetValue(value, out Interval before) ? before.Hull(rows) : rows;

        foreach (Result result in graph.Results)
            Demand(result.Value, Interval.All(result.Value.Shape.Rows));
        foreach (Node node in graph.Nodes.Reverse())
        {
            Interval[] rows = InputRows(node, demand);
            for (int i = 0; i < rows.Length; i++)
                Demand(node.Inputs[i], rows[i]);
        }

        return demand;
    }

    /// <summary>The rows that are read of any of a node's outputs; all of them where nobody says.</summary>
    private static Interval OutputRows(Node node, Dictionary<Value, Interval> demand)
    {
        Interval? rows = null;
        foreach (Value? output in node.Outputs)
        {
            if (output is not null && demand.TryGetValue(output, out Interval wanted))
                rows = rows is { } before ? before.Hull(wanted) : wanted;
        }

        return rows ?? Interval.All(node.Outputs.First(o => o is not null)!.Shape.Rows);
    }

    private static Interval[] InputRows(Node node, Dictionary<Value, Interval> demand)
    {
        Interval output = OutputRows(node, demand);
        return node.Inputs.Select((input, i) => node.Operation switch
        {
            SliceRows slice => output.Shift(slice.Start),
            var operation when operation.RowsRead(i, output.Start, output.Count) is var (start, count) => new Interval(start, count),
            _ => Interval.All(input.Shape.Rows),
        }).ToArray();
    }

    /// <summary>Consecutive rows.</summary>
    private readonly record struct Interval(int Start, int Count)
    {
        public static Interval All(int rows) => new(0, rows);

        public Interval Shift(int by) => new(Start + by, Count);

        public Interval Hull(Interval other)
        {
            int start = Math.Min(Start, other.Start);
            return new(start, Math.Max(Start + Count, other.Start + other.Count) - start);
        }
    }
}
