using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>From a graph to a plan: order, memory, steps.</summary>
internal static class Planner
{
    /// <param name="graph">The graph after all passes.</param>
    /// <param name="parameters">Where the parameters lie.</param>
    /// <param name="hoist">Whether what depends on no image becomes a program of its own, to be run once for a task.</param>
    /// <param name="reserved">Arena floats at the start that another program's preparation needs to keep.</param>
    public static ProgramPlan Plan(DataflowGraph graph, ParameterPlan parameters, bool hoist, long reserved = 0)
    {
        IReadOnlyList<Node> nodes = Schedule.Order(graph);
        HashSet<Node> prepared = hoist ? Activity.OfNothingBut(nodes, n => n.Operation is ReadParameter) : [];
        nodes = [.. nodes.Where(prepared.Contains), .. nodes.Where(n => !prepared.Contains(n))];
        var placement = new Placement(nodes, graph.Results, parameters);

        // What the preparation leaves behind is read by every later batch.
        Value[] left = [.. nodes.Where(n => !prepared.Contains(n)).SelectMany(n => n.Inputs)
            .Where(i => prepared.Contains(i.Producer)).Distinct()];
        var kept = new HashSet<Value>(left.Select(placement.Root));
        var lifetimes = placement.RootLifetimes()
            .Where(l => !placement.IsFixed(l.Key))
            .OrderBy(l => l.Key.Id)
            .Select(l =>
                (Root: l.Key, First: kept.Contains(l.Key) ? 0 : l.Value.First, Last: kept.Contains(l.Key) ? nodes.Count : l.Value.Last))
            .ToArray();
        var addresses = new Dictionary<Value, Address>();
        long shared = reserved + Pack(batched: false, reserved), perImage = Pack(batched: true, shared);

        long Pack(bool batched, long start)
        {
            var roots = lifetimes.Where(l => l.Root.Shape.Batched == batched).ToArray();
            (long[] offsets, long size) = Arena.Pack(roots.Select(r => new Block(r.Root.Shape.Count, r.First, r.Last)).ToArray());
            for (int i = 0; i < roots.Length; i++)
                addresses[roots[i].Root] = batched ? new(Region.Arena, offsets[i], start) : new(Region.Arena, 0, start + offsets[i]);
            return size;
        }

        Address AddressOf(Value value) => placement.AddressOf(value, root => addresses[root]);
        var lowering = new Lowering(placement, AddressOf);
        Step[] prepare = nodes.Where(prepared.Contains).SelectMany(lowering.Lower).ToArray();
        Step[] steps = nodes.Where(n => !prepared.Contains(n)).SelectMany(lowering.Lower)
            .Concat(placement.CopiedResults.Select(lowering.CopyResult)).ToArray();
        Value? Find(ResultRole role) => graph.Results.FirstOrDefault(r => r.Role == role)?.Value;
        return new(
            prepare,
            steps,
            Find(ResultRole.Logits) is { } logits ? AddressOf(logits) : null,
            Find(ResultRole.Losses) is { } losses ? AddressOf(losses) : null,
            Find(ResultRole.Correct) is { } correct ? AddressOf(correct) : null,
            shared,
            perImage)
        {
            Prepared = left.ToDictionary(v => v, v => new PreparedPlace(AddressOf(v), placement.LayoutOf(v).RowStride)),
        };
    }

    /// <summary>Writes nodes down as steps; views vanish, and what cannot be placed is copied.</summary>
    private sealed class Lowering(Placement placement, Func<Value, Address> addressOf)
    {
        private int _copies;

        public IEnumerable<Step> Lower(Node node)
        {
            switch (node.Operation)
            {
                case ConcatRows or ConcatColumns:
                    int row = 0, column = 0;
                    for (int i = 0; i < node.Inputs.Count; i++)
                    {
                        Value part = node.Inputs[i];
                        if (placement.IsCopied(node, i))
                            yield return CopyPart(node, part, row, column);
                        if (node.Operation is ConcatRows)
                            row += part.Shape.Rows;
                        else
                            column += part.Shape.Columns;
                    }

                    break;
                case PlacedOperation:
                    yield break;
                default:
                    yield return Step(
                        node.Operation,
                        node.Inputs.Select(i => (placement.LayoutOf(i), ToOperand(i))),
                        node.Outputs.Select(o => o is null ? ((Layout, Operand)?)null : (placement.LayoutOf(o), ToOperand(o))),
                        node.Scope);
                    break;
            }
        }

        public Step CopyResult(Result result)
        {
            Shape shape = result.Value.Shape;
            var layout = new Layout(shape.Batched, shape.Rows, shape.Columns, shape.Batched ? shape.Count : 0, shape.Columns);
            Operand target = Target(result.Value.Name, placement.TargetOf(result), shape);
            return Step(
                new Copy(), [(placement.LayoutOf(result.Value), ToOperand(result.Value))], [(layout, target)], result.Value.Producer.Scope);
        }

        private Step CopyPart(Node concat, Value part, int row, int column)
        {
            Value whole = concat.Outputs[0]!;
            Layout layout = placement.LayoutOf(whole) with { Rows = part.Shape.Rows, Columns = part.Shape.Columns };
            Address address = addressOf(whole).Plus((row * layout.RowStride) + column);

            Operand target = Target(whole.Name, address, layout.Shape);
            return Step(new Copy(), [(placement.LayoutOf(part), ToOperand(part))], [(layout, target)], concat.Scope);
        }

        /// <summary>Where a copy goes: each has a number of its own, for a value may be copied to several places.</summary>
        private Operand Target(string name, Address address, Shape shape) => new(NameOf(name), -1 - _copies++, address, shape);

        private Operand ToOperand(Value value) => new(NameOf(value.Name), value.Id, addressOf(value), value.Shape);

        private static Step Step(
            Operation operation,
            IEnumerable<(Layout Layout, Operand Operand)> inputs,
            IEnumerable<(Layout Layout, Operand Operand)?> outputs,
            Scope scope)
        {
            var read = inputs.ToArray();
            var written = outputs.ToArray();
            var call = new Call(
                operation,
                read.Select(i => i.Layout).ToEquatableArray(),
                written.Select(o => new OptionalLayout(o?.Layout)).ToEquatableArray());
            return new(
                call,
                read.Select(i => i.Operand).Concat(written.Where(o => o is not null).Select(o => o!.Value.Operand)).ToEquatableArray(),
                scope);
        }

        /// <summary>"blocks.3.attn.qkv.weight[…]" and "normalized1Gradient" as names of variables, the same in every layer.</summary>
        private static string NameOf(string name)
        {
            int range = name.IndexOf('[');
            string suffix = range < 0 ? "" : name.Substring(name.IndexOf(']') + 1);
            string[] words = (range < 0 ? name : name.Substring(0, range)).Split('.', '_')
                .Select(w => w.TrimStart("0123456789".ToCharArray())).Where(w => w.Length > 0 && w != "blocks").ToArray();
            return string.Concat(words.Select((w, i) => i == 0 ? w : char.ToUpperInvariant(w[0]) + w.Substring(1))) + suffix;
        }
    }
}
