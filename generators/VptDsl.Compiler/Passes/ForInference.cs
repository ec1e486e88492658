using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Passes;

/// <summary>Puts what operations are in inference in the place of what they are in training.</summary>
/// <remarks>A model is declared once, as it is trained; each operation that differs says itself how.</remarks>
internal static class ForInference
{
    public static DataflowGraph Run(DataflowGraph training)
    {
        var rewriter = new GraphRewriter();
        foreach (Node node in training.Nodes)
        {
            rewriter.Builder.Scope = node.Scope;
            if (node.Outputs[0] is { } output
                && node.Operation.AtInference(rewriter.Builder, rewriter.Map(node.Inputs), output.Name) is { } inferred)
            {
                rewriter[output] = inferred;
            }
            else
            {
                rewriter.Copy(node);
            }
        }

        return rewriter.Build(
            training.For(training.Results.Select(r => r.Role).Where(r => r != ResultRole.Statistic).Distinct().ToArray()));
    }
}
