using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Passes;

/// <summary>
/// Moves what follows a product or a normalisation gradient into it: activations, their derivatives, and sums. Each saves a pass over
/// memory.
/// </summary>
internal sealed class FuseEpilogues
{
    private readonly DataflowGraph _graph;
    private readonly Uses _uses;
    private readonly GraphRewriter _rewriter = new();

    private FuseEpilogues(DataflowGraph graph)
    {
        _graph = graph;
        _uses = new Uses(graph);
    }

    /// <summary>Activations first: a residual comes after them.</summary>
    public static DataflowGraph Run(DataflowGraph graph)
    {
        graph = RemoveDead.Run(new FuseEpilogues(graph).Run(f => f.FuseActivation));
        graph = RemoveDead.Run(new FuseEpilogues(graph).Run(f => f.FusePaddedSum));
        return RemoveDead.Run(new FuseEpilogues(graph).Run(f => f.FuseSum));
    }

    private DataflowGraph Run(Func<FuseEpilogues, Func<Node, bool>> rule)
    {
        Func<Node, bool> fuse = rule(this);
        foreach (Node node in _graph.Nodes)
        {
            if (!fuse(node))
                _rewriter.Copy(node);
        }

        return _rewriter.Build(_graph);
    }

    private bool FuseActivation(Node node)
    {
        if (node.Operation is not Activation activation || ProductBefore(node.Inputs[0]) is not { } before)
            return false;

        // A gradient takes the product over; an activation's product may also deliver the value before it, for the backward pass.
        Value hidden = node.Inputs[0];
        bool saved = !_uses.HasOneReader(hidden);
        if (saved && activation is not Activate)
            return false;
        var fused = (ProductOperation)before.Operation;
        _rewriter.Builder.Scope = node.Scope;
        Node product = _rewriter.Builder.Add(
            fused with { Epilogue = fused.Epilogue with { Activation = activation } },
            [.. _rewriter.Map(before.Inputs), .. _rewriter.Map(node.Inputs.Skip(1))],
            node.Outputs[0]!.Name,
            saved ? hidden.Name : null);
        _rewriter[node.Outputs[0]!] = product.Outputs[0]!;
        if (saved)
            _rewriter[hidden] = product.Outputs[1]!;
        return true;
    }

    private bool FusePaddedSum(Node node)
    {
        if (node.Operation is not Add)
            return false;
        for (int i = 0; i < 2; i++)
        {
            Value padded = node.Inputs[i], other = node.Inputs[1 - i];
            if (padded.Producer.Operation is PadRows pad && _uses.HasOneReader(padded) && other.Shape == node.Outputs[0]!.Shape
                && padded.Shape.Batched == other.Shape.Batched)
            {
                _rewriter.Builder.Scope = node.Scope;
                _rewriter[node.Outputs[0]!] = _rewriter.Builder.One(
                    new AddRows(pad.Start), [_rewriter[other], _rewriter[padded.Producer.Inputs[0]]], node.Outputs[0]!.Name);
                return true;
            }
        }

        return false;
    }

    private bool FuseSum(Node node)
    {
        if (node.Operation is not Add)
            return false;
        Shape shape = node.Outputs[0]!.Shape;

        // Of two candidates the later one absorbs the earlier: its own inputs are the younger ones.
        foreach (Value term in node.Inputs.OrderByDescending(i => i.Id))
        {
            Value other = ReferenceEquals(term, node.Inputs[0]) ? node.Inputs[1] : node.Inputs[0];
            if (ReferenceEquals(term, other) || !_uses.HasOneReader(term) || term.Shape != shape)
                continue;
            Operation? fused = term.Producer.Operation switch
            {
                ProductOperation { Epilogue.Residual: false } product when term.Index == 0 =>
                    product with { Epilogue = product.Epilogue with { Residual = true } },
                ScaleColumns { Residual: false } when other.Shape == shape => new ScaleColumns(Residual: true),
                LayerNormGradient { Residual: false } when other.Shape == shape => new LayerNormGradient(Residual: true),
                _ => null,
            };
            if (fused is null)
                continue;
            _rewriter.Builder.Scope = term.Producer.Scope;
            string?[] names = term.Producer.Outputs.Select((o, i) => i == 0 ? node.Outputs[0]!.Name : o?.Name).ToArray();
            Node replaced = _rewriter.Builder.Add(fused, [.. _rewriter.Map(term.Producer.Inputs), _rewriter[other]], names);
            _rewriter[node.Outputs[0]!] = replaced.Outputs[0]!;
            for (int i = 1; i < names.Length; i++)
            {
                if (term.Producer.Outputs[i] is { } old)
                    _rewriter[old] = replaced.Outputs[i]!;
            }

            return true;
        }

        return false;
    }

    private static Node? ProductBefore(Value value) =>
        value.Producer.Operation is ProductOperation { Epilogue: { Activation: null, Residual: false } } ? value.Producer : null;
}
